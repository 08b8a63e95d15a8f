/** What comes into the installed page from outside: a shared file, files opened with it, shortcuts. */
import { takeShared, type Shared } from './shared-files.ts';

interface LaunchParams {
  readonly targetURL?: string | undefined;
  readonly files: readonly { getFile(): Promise<File> }[];
}

interface LaunchQueue {
  setConsumer(consumer: (params: LaunchParams) => void): void;
}

export interface Incoming {
  /** Opened with it by the person. */
  readonly files: (files: readonly File[]) => void;
  /** Handed over by another app, or by a web page. */
  readonly shared: (file: File) => void;
  /** A place in the page: "#/firmware". */
  readonly place: (hash: string) => void;
  /** A shared file was not taken, or a link says so. */
  readonly lost: (why: Exclude<Shared, 'file'>) => void;
  readonly trouble: (error: unknown) => void;
}

/** Picks up what was shared, and takes launches from now on. Chromium only; elsewhere there is nothing to take. */
export async function takeIncoming({ files, shared: take, place, lost, trouble }: Incoming): Promise<void> {
  const { launchQueue } = globalThis as { readonly launchQueue?: LaunchQueue };
  launchQueue?.setConsumer((launch) => {
    // The page stays where it is (an update may be running), so a shortcut moves it by its fragment alone.
    const { hash } = new URL(launch.targetURL ?? location.href, location.href);
    if (hash !== '') place(hash);
    Promise.all(launch.files.map((handle) => handle.getFile())).then((opened) => {
      if (opened.length > 0) files(opened);
    }, trouble);
  });
  const shared = new URLSearchParams(location.search).get('shared');
  if (shared === null) return;
  // A reload must not tell it again.
  history.replaceState(history.state, '', `${location.pathname}${location.hash}`);
  if (shared === 'lost' || shared === 'several' || shared === 'too-large') lost(shared);
  const file = await takeShared(caches);
  if (file !== null) take(file);
}
