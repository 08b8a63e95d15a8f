import { atom } from 'nanostores';
import type { Clock } from '../update/ports.ts';
import type { DevicesState } from './devices.ts';
import type { ChosenFile, FirmwareState } from './firmware.ts';
import type { NoticesState } from './notices.ts';
import { versionOf } from './update-view.ts';
import type { UpdatesState } from './updates.ts';

/** A file as it is now on the disk. */
export interface FileNow extends ChosenFile {
  /** Milliseconds since 1970. */
  readonly lastModified: number;
}

/** A file that the person lets the page look at again. */
export interface WatchableFile {
  readonly name: string;
  /** Rejects where it is not there just now, or may not be read any more. */
  look(): Promise<FileNow>;
  /** Resolves when it is time for another look; rejects with the signal's reason when it aborts. */
  nextLook(signal: AbortSignal): Promise<void>;
}

/** What is known of the file that is watched. */
export type WatchEvent =
  | { readonly kind: 'waiting' }
  /** Something writes to it. */
  | { readonly kind: 'settling' }
  /** It is not there: builds remove it first. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'ready'; readonly version: string | null; readonly at: number }
  /** It waits for an update that runs. */
  | { readonly kind: 'held' }
  | { readonly kind: 'sent'; readonly device: string; readonly version: string | null; readonly at: number };

export type WatchView =
  | { readonly kind: 'off' }
  | {
      readonly kind: 'on';
      readonly name: string;
      /** The device that new builds go to; null: they are only shown. */
      readonly sendTo: string | null;
      readonly event: WatchEvent;
    };

export interface WatchParts {
  readonly clock: Pick<Clock, 'date' | 'sleep'>;
  readonly devices: DevicesState;
  readonly firmware: FirmwareState;
  readonly updates: UpdatesState;
  readonly notices: NoticesState;
}

interface Build {
  readonly sha256: string;
  readonly version: string | null;
}

/** Between two looks at a file that changes, in milliseconds: a linker that writes on does so within less. */
const STILL_MS = 1_000;

/** Watches one file, judges each new build of it, and sends it where the person asked for that. One build once. */
export class WatchState {
  readonly $watch = atom<WatchView>({ kind: 'off' });
  readonly #parts: WatchParts;
  /** Builds that were judged, by hash: none of them is sent again. */
  #known = new Set<string>();
  #run = new AbortController();

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  /** Watches this file instead of another. What it holds now is chosen, and not sent. Resolves when it ends. */
  async watch(file: WatchableFile): Promise<void> {
    this.stop();
    const run = new AbortController();
    this.#run = run;
    this.#known = new Set();
    this.$watch.set({ kind: 'on', name: file.name, sendTo: null, event: { kind: 'waiting' } });
    try {
      await this.#follow(file, run.signal);
    } catch (error) {
      if (!run.signal.aborted) throw error;
    }
  }

  stop(): void {
    this.#run.abort();
    this.$watch.set({ kind: 'off' });
  }

  /** New builds go to this device from now on; null: to none. The build that is there now is not sent. */
  sendTo(deviceId: string | null): void {
    const view = this.$watch.get();
    if (view.kind === 'on') this.$watch.set({ ...view, sendTo: deviceId });
  }

  async #follow(file: WatchableFile, signal: AbortSignal): Promise<void> {
    let judged: string | null = null;
    let build: Build | null = null;
    for (;;) {
      const now = await this.#still(file, judged, signal);
      if (now !== null) {
        const isFirst = judged === null;
        judged = markOf(now);
        const found = await this.#judge(now, signal);
        // A newer build takes the place of one that still waits for an update to end.
        if (found !== null) build = isFirst ? null : found;
        if (build !== null && build === found) {
          this.#parts.notices.show({ kind: 'new-build', name: file.name, version: build.version });
        }
      }
      if (build !== null && this.#send(build)) build = null;
      await (build === null ? file.nextLook(signal) : this.#parts.clock.sleep(STILL_MS, signal));
    }
  }

  /** The file once it has stood still for two looks; null where it is as it was, or not there. */
  async #still(file: WatchableFile, judged: string | null, signal: AbortSignal): Promise<FileNow | null> {
    let before: string | null = null;
    for (;;) {
      const now = await this.#look(file, signal);
      if (now === null) return null;
      const mark = markOf(now);
      if (mark === judged) {
        this.#clear('settling', 'missing');
        return null;
      }
      // An empty file is one that is being written.
      if (mark === before && now.size > 0) return now;
      before = mark;
      this.#say({ kind: 'settling' });
      await this.#parts.clock.sleep(STILL_MS, signal);
    }
  }

  async #look(file: WatchableFile, signal: AbortSignal): Promise<FileNow | null> {
    try {
      return await file.look();
    } catch {
      // Removed for a moment by a build, or the permission went away: said, and looked at again.
      signal.throwIfAborted();
      this.#say({ kind: 'missing' });
      return null;
    }
  }

  /** The build that the file holds, where it is a new one and the inspector accepts it. */
  async #judge(file: FileNow, signal: AbortSignal): Promise<Build | null> {
    const { firmware, clock } = this.#parts;
    await firmware.choose([file]);
    signal.throwIfAborted();
    const chosen = firmware.$chosen.get();
    if (chosen.kind !== 'ready') {
      const message = chosen.kind === 'unreadable' ? chosen.message : 'Another file was chosen meanwhile.';
      this.#say({ kind: 'refused', message });
      return null;
    }
    const { sha256, inspection } = chosen.firmware;
    if (this.#known.has(sha256)) {
      // Touched, or built anew to the very same bytes.
      this.#clear('settling', 'missing');
      return null;
    }
    this.#known.add(sha256);
    if (inspection.verdict !== 'accept') {
      this.#say({ kind: 'refused', message: inspection.message });
      return null;
    }
    const version = versionOf(inspection);
    this.#say({ kind: 'ready', version, at: clock.date() });
    return { sha256, version };
  }

  /** Whether nothing more is to be done with this build: it was sent, or is to be sent nowhere. */
  #send({ sha256, version }: Build): boolean {
    const { updates, devices, clock } = this.#parts;
    const target = this.#target();
    const device = target === null ? undefined : devices.find(target);
    if (device === undefined) return true;
    if (updates.running()) {
      this.#say({ kind: 'held' });
      return false;
    }
    this.#say({ kind: 'sent', device: device.name, version, at: clock.date() });
    // Not waited for: the card tells how it goes, and the next build may come meanwhile.
    void updates.start(device.id, { sha256 });
    return true;
  }

  #target(): string | null {
    const view = this.$watch.get();
    return view.kind === 'on' ? view.sendTo : null;
  }

  #say(event: WatchEvent): void {
    const view = this.$watch.get();
    if (view.kind === 'on') this.$watch.set({ ...view, event });
  }

  /** Nothing came of it: what was said while looking is no longer so. */
  #clear(...kinds: readonly WatchEvent['kind'][]): void {
    const view = this.$watch.get();
    if (view.kind === 'on' && kinds.includes(view.event.kind)) this.#say({ kind: 'waiting' });
  }
}

function markOf({ size, lastModified }: FileNow): string {
  return `${size} ${lastModified}`;
}
