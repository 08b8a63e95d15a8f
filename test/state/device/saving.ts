/** What comes of saving a device. */
import type { DevicesState, SaveResult } from '../../../src/state/device/devices.ts';
import type { Secrets } from '../../../src/state/device/secrets/secrets.ts';

export function wrongFields(result: SaveResult): readonly string[] {
  return result.kind === 'saved' ? [] : result.wrongs.map(({ field }) => field);
}

export async function secretsOf(devices: DevicesState, id: string): Promise<Secrets> {
  const device = devices.find(id);
  if (device === undefined) throw new Error(`${id} is not saved`);
  return devices.secrets(device);
}
