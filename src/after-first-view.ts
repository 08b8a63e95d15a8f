/** What the page does once it is drawn: becomes an app, or fetches what it would miss later. Part of the composition root. */
import type { HostState } from './state/host.ts';
import type { FirmwareState } from './state/firmware/firmware.ts';
import type { NewVersionState } from './state/new-version.ts';
import type { startLateParts } from './ui/shell/late-parts.ts';
import type { NoticesState } from './state/notices.ts';
import { shownName } from './model/device/plain-names.ts';

/** After this many milliseconds the page becomes an app even while it is busy. */
const REST_MS = 5000;

interface Parts {
  readonly firmware: FirmwareState;
  readonly notices: NoticesState;
  readonly newVersion: NewVersionState;
  readonly trouble: (error: unknown) => void;
}

/** Resolves when the page is loaded and has nothing to do: a phone draws and answers its person first. */
export async function atRest(): Promise<void> {
  if (document.readyState !== 'complete') {
    await new Promise((resolve) => window.addEventListener('load', resolve, { once: true }));
  }
  // Safari has no such callback, whatever the types say.
  const { requestIdleCallback: idle } = window as Partial<Pick<Window, 'requestIdleCallback'>>;
  if (idle !== undefined) await new Promise<unknown>((resolve) => idle(resolve, { timeout: REST_MS }));
}

/** A file that was watched in an earlier visit is watched on. Nothing of it is loaded where there is none. */
export async function watchOn(watch: () => Promise<unknown>): Promise<void> {
  // Firefox had no such list before 126, whatever the types say; where a page may keep nothing it rejects.
  const { databases } = indexedDB as Partial<Pick<IDBFactory, 'databases'>>;
  const kept = (await databases?.call(indexedDB).catch(() => [])) ?? [];
  if (kept.some(({ name }) => name === 'moult-watched-file')) await watch();
}

/** Nobody presses a key before there is something to see. */
export async function startRest(...parts: Parameters<typeof startLateParts>): Promise<void> {
  (await import('./ui/shell/late-parts.ts')).startLateParts(...parts);
}

/** A host that was away when the page opened may be back when the page is looked at again, or gets a network. */
export function lookForHost(host: Pick<HostState, 'look'>): void {
  for (const sign of ['online', 'visibilitychange']) window.addEventListener(sign, () => void host.look());
}

/** What makes it an app: opening without a network, new versions, files from other apps. After the first view. */
export async function becomeAnApp({ firmware, notices, newVersion, trouble }: Parts): Promise<void> {
  const [{ registerWorker }, { takeIncoming }] = await Promise.all([
    import('./offline/registration.ts'),
    import('./offline/incoming.ts'),
  ]);
  await takeIncoming({
    files: (files) => {
      // In this order: a choice takes away what was said of the one before.
      void firmware.choose(files);
      notices.show({ kind: 'handed-over', names: files.map(({ name }) => shownName(name)) });
    },
    shared: (file) => {
      void firmware.offer(file);
      notices.show({ kind: 'shared', name: shownName(file.name) });
    },
    place: (hash) => (window.location.hash = hash),
    lost: (why) => notices.show({ kind: 'shared-lost', why }),
    trouble,
  });
  await registerWorker(import.meta.env.BASE_URL, (takeOver) => newVersion.offer(takeOver));
}

/**
 * Loads what the first view does without. Where no worker keeps the page, its host is out of reach once the phone has
 * joined a device's own network; what is not here by then is missed in the middle of a task.
 */
export async function loadTheRest(): Promise<void> {
  await Promise.all([
    import('./update/run-any-update.ts'),
    import('./device-ways.ts'),
    import('./device/route.ts'),
    import('./words/update/describe-any.ts'),
    import('./at-work.ts'),
    import('./jobs-of-host.ts'),
  ]);
  await Promise.all([
    import('./firmware/inspect.ts'),
    import('./firmware/bytes/digest.ts'),
    import('./firmware/container/inside.ts'),
    import('./words/firmware/file-words.ts'),
  ]);
  await Promise.all([import('./page/hash.ts'), import('./firmware/bytes/digest-in-slices.ts')]);
  await Promise.all([import('./ui/shell/lazy-views.ts'), import('./ui/more/prepare-board.ts')]);
  await Promise.all([
    import('./state/rollout/rollouts.ts'),
    import('./device/doctor/page-doctor.ts'),
    import('./words/device/doctor.ts'),
  ]);
}
