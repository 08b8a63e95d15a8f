/** Stands between the host and the disk for one test. */
import { open, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';

type Sync = (this: FileHandle) => Promise<void>;

/**
 * Calls `sync` in place of the system's own, which is passed to it as `usual`. Resolves to a function that restores
 * that.
 */
export async function insteadOfSync(
  sync: (handle: FileHandle, usual: () => Promise<void>) => Promise<void>,
): Promise<() => void> {
  const some = await open(tmpdir(), 'r');
  const handles = Object.getPrototypeOf(some) as { sync: Sync };
  await some.close();
  const usual = Reflect.get<{ sync: Sync }, 'sync'>(handles, 'sync');
  handles.sync = async function (this: FileHandle) {
    await sync(this, () => usual.call(this));
  };
  return () => void (handles.sync = usual);
}

/** As if the disk had no space left. */
export const fullDisk = (): Promise<() => void> =>
  insteadOfSync(() => Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })));
