import type { FoundDevice } from '../src/model/device/found-device.ts';

/** A ViperHTTP device that announced itself. */
export function aFoundDevice(of: Partial<FoundDevice> = {}): FoundDevice {
  return {
    ...{ name: 'Kitchen', address: 'http://192.168.1.50:8080', kind: 'viperhttp', dialect: null },
    ...{ version: null, chip: null, board: null, ...of },
  };
}
