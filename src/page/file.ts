/** The File System Access API, where the browser has it: a file that may be looked at again. */
import type { Clock } from '../model/clock.ts';
import type { KeptFile, KeptHandles, WatchableFile, WatchableFiles } from '../model/page/page-ports.ts';

/** Between two looks, in milliseconds: asking for size and time costs next to nothing, and a second feels at once. */
const LOOK_MS = 1_000;

/** The same where the browser tells of changes: a build that puts a new file in place of the old one may go untold. */
const OBSERVED_LOOK_MS = 5_000;

/** Unknown to TypeScript's `lib.dom` as of 6.0. */
interface Pickers {
  readonly showOpenFilePicker?: (options: { readonly id: string }) => Promise<readonly FileSystemFileHandle[]>;
  /** Chromium 133 and later. */
  readonly FileSystemObserver?: new (changed: () => void) => {
    observe(handle: FileSystemFileHandle): Promise<void>;
    disconnect(): void;
  };
}

/** Unknown to TypeScript's `lib.dom` as of 6.0. */
interface Asking {
  readonly queryPermission?: () => Promise<PermissionState>;
  readonly requestPermission?: () => Promise<PermissionState>;
}

/** One tab watches what is kept: two would send each build twice. The browser lets go of it when the tab closes. */
const LOCK = 'moult-watched-file';

export function watchableFiles(clock: Pick<Clock, 'sleep'>, handles: KeptHandles): WatchableFiles {
  return {
    canWatch: canWatchFiles,
    pick: () => pickFile(clock),
    kept: async () => {
      const kept = canWatchFiles() ? await handles.read() : null;
      if (kept === null || !(kept.handle instanceof FileSystemFileHandle) || !(await isOurs())) return null;
      return keptFile(kept.handle, kept.sendTo, clock);
    },
    keep: async (file, sendTo) => {
      if (!(file instanceof PickedFile)) return;
      // Where another tab watches one, this one is watched all the same: the person chose it here.
      await isOurs();
      await handles.write({ handle: file.handle, sendTo });
    },
    forget: () => handles.clear(),
  };
}

async function keptFile(
  handle: FileSystemFileHandle & Asking,
  sendTo: string | null,
  clock: Pick<Clock, 'sleep'>,
): Promise<KeptFile> {
  const isAllowed = (await handle.queryPermission?.()) === 'granted';
  return {
    name: handle.name,
    sendTo,
    isAllowed,
    open: async () => {
      if (!isAllowed && (await handle.requestPermission?.()) !== 'granted') return null;
      return new PickedFile(handle, clock);
    },
  };
}

let ours: Promise<boolean> | null = null;

/** Whether this tab is the one that watches what is kept; it stays so until it closes. */
async function isOurs(): Promise<boolean> {
  ours ??= new Promise((resolve, reject) => {
    const asked = navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      // Held until the tab closes.
      return lock === null ? undefined : new Promise<void>(() => undefined);
    });
    asked.catch(reject);
  });
  const isMine = await ours;
  // The other tab may have closed by the next time.
  if (!isMine) ours = null;
  return isMine;
}

function canWatchFiles(): boolean {
  return typeof (globalThis as Pickers).showOpenFilePicker === 'function';
}

async function pickFile(clock: Pick<Clock, 'sleep'>): Promise<WatchableFile | null> {
  const { showOpenFilePicker: pick } = globalThis as Pickers;
  let handle: FileSystemFileHandle | undefined;
  try {
    [handle] = (await pick?.({ id: 'moult-build' })) ?? [];
  } catch (error) {
    // Closing the picker is an answer.
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
  return handle === undefined ? null : new PickedFile(handle, clock);
}

class PickedFile implements WatchableFile {
  readonly name: string;
  readonly handle: FileSystemFileHandle;
  readonly #clock: Pick<Clock, 'sleep'>;
  /** Aborted by the browser's word that the file changed. */
  #change = new AbortController();
  #observed: 'not-yet' | 'yes' | 'no' = 'not-yet';

  constructor(handle: FileSystemFileHandle, clock: Pick<Clock, 'sleep'>) {
    this.name = handle.name;
    this.handle = handle;
    this.#clock = clock;
  }

  look(): Promise<File> {
    // What changes from here on wakes the next look.
    this.#change = new AbortController();
    return this.handle.getFile();
  }

  /**
   * Resolves at once where the browser tells of a change, else after a while; also on a hidden page, as an editor often
   * covers it.
   */
  async nextLook(signal: AbortSignal): Promise<void> {
    if (this.#observed === 'not-yet') await this.#observe(signal);
    try {
      const wait = this.#observed === 'yes' ? OBSERVED_LOOK_MS : LOOK_MS;
      await this.#clock.sleep(wait, AbortSignal.any([signal, this.#change.signal]));
    } catch (error) {
      if (!this.#change.signal.aborted || signal.aborted) throw error;
    }
  }

  async #observe(signal: AbortSignal): Promise<void> {
    const { FileSystemObserver: Observer } = globalThis as Pickers;
    this.#observed = 'no';
    if (Observer === undefined) return;
    const observer = new Observer(() => this.#change.abort());
    try {
      await observer.observe(this.handle);
    } catch {
      // A network drive, or a build has just removed the file: it is looked at each second instead.
      return;
    }
    this.#observed = 'yes';
    signal.addEventListener('abort', () => observer.disconnect(), { once: true });
    // What changed before it was observed is told by nobody.
    this.#change.abort();
  }
}
