/** What comes into the installed page from outside: shared files, files opened with it, shortcuts. */
import { pickUpShared } from './shared-files.ts';

interface LaunchParams {
  readonly targetURL?: string | undefined;
  readonly files: readonly { getFile(): Promise<File> }[];
}

interface LaunchQueue {
  setConsumer(consumer: (params: LaunchParams) => void): void;
}

export interface Incoming {
  readonly files: (files: readonly File[]) => void;
  /** A place in the page: "#/firmware". */
  readonly place: (hash: string) => void;
  /** The worker could not keep a shared file, or a link says so. */
  readonly lost: () => void;
  readonly trouble: (error: unknown) => void;
}

/** Picks up what was shared, and takes launches from now on. Chromium only; elsewhere there is nothing to take. */
export async function takeIncoming({ files, place, lost, trouble }: Incoming): Promise<void> {
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
  if (shared === 'lost') lost();
  const kept = await pickUpShared(caches);
  if (kept.length > 0) files(kept);
}
