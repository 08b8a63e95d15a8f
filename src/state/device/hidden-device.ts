import { placeOf } from '../../model/device/device.ts';
import type { Hidden } from '../removals.ts';
import type { DevicesState } from './devices.ts';

/** Takes a device off the list, and leaves it in the database, its token and login in the vault. */
export function hideDevice(devices: DevicesState, id: string): Hidden {
  const { $devices } = devices;
  const before = $devices.get();
  const index = before.findIndex((device) => device.id === id);
  const hidden = before[index];
  $devices.set(before.filter((device) => device.id !== id));
  /** An import may have brought it back, and the address may have been added anew: two cards of one board would both update it. */
  const isBack = (): boolean =>
    hidden === undefined || $devices.get().some((each) => each.id === id || placeOf(each) === placeOf(hidden));
  const finish = async (): Promise<void> => {
    if (devices.find(id) === undefined) await devices.remove(id);
  };
  return {
    restore: async () => {
      if (hidden === undefined || isBack()) return finish();
      $devices.set($devices.get().toSpliced(index, 0, hidden));
      // A lock may have been set or taken away meanwhile.
      await devices.loadKeeping();
    },
    finish,
  };
}
