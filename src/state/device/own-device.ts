/** The device that served this page. */
import type { Device } from '../../model/device/device.ts';
import { OWN_DEVICE_NAME } from '../../words/device/own-device.ts';
import type { DevicesState } from './devices.ts';
import { EMPTY_FORM } from './read-form.ts';
import type { AddressReading } from '../../model/device/address-reading.ts';

/** The saved one, or a new one that lacks nothing but its token. `origin` is the page's: "http://192.168.4.1". */
export async function ownDevice(devices: DevicesState, { origin }: { readonly origin: string }): Promise<Device> {
  const known = devices.$devices.get().find((device) => device.origin === origin);
  if (known !== undefined) return known;
  const saved = await devices.save({ ...EMPTY_FORM, name: OWN_DEVICE_NAME, address: origin });
  if (saved.kind === 'wrong') throw new Error(saved.wrongs[0].problem.kind);
  return saved.device;
}

/** Nobody types this address, so it is taken as it is: a scheme's own port is left out, and means that port. */
export function readOwnAddress(origin: string): AddressReading {
  return { kind: 'address', origin, prefix: null };
}
