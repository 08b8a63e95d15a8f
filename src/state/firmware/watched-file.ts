import { atom } from 'nanostores';
import type { Clock } from '../../model/clock.ts';
import type { DevicesState } from '../device/devices.ts';
import type { FirmwareState } from './firmware.ts';
import type { Firmware } from './chosen.ts';
import type { NoticesState } from '../notices.ts';
import { versionOf } from '../update/update-view.ts';
import type { UpdatesState } from '../update/updates.ts';
import type { FileNow, KeptFile, WatchableFile, WatchableFiles } from '../../model/page/page-ports.ts';
import type { WatchEvent, WatchView } from '../../model/firmware/watched-file.ts';

export interface WatchParts {
  readonly files: WatchableFiles;
  readonly clock: Pick<Clock, 'date' | 'sleep'>;
  readonly devices: DevicesState;
  readonly firmware: FirmwareState;
  readonly updates: UpdatesState;
  readonly notices: NoticesState;
  /** Whether any tab of this page is at a rollout or an update of whatever device. */
  readonly anyTabUpdates: () => Promise<boolean>;
}

interface Build {
  /** The very bytes that were judged: what is chosen on the page may be another file by the time they are sent. */
  readonly firmware: Firmware;
  readonly version: string | null;
}

/** Between two looks at a file that changes, in milliseconds: a linker that is not done writes again within less. */
const STILL_MS = 1_000;

/**
 * Watches one file, judges each new build of it, and sends it where the person asked for that. A build is new where the
 * bytes are others than those judged before it; so the build from before is one too, when somebody goes back to it.
 */
export class WatchState {
  readonly $watch = atom<WatchView>({ kind: 'off' });
  /** The name of a file of an earlier visit that may be looked at once the person has said so again; null: none. */
  readonly $kept = atom<string | null>(null);
  readonly #parts: WatchParts;
  #file: WatchableFile | null = null;
  #kept: KeptFile | null = null;
  /** Hash of what was judged last. */
  #judged: string | null = null;
  /** Hash of what was sent last, by device: it is not sent there again. */
  readonly #sent = new Map<string, string>();
  #run = new AbortController();

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  /** Whether this browser lets a page look at a file again. */
  get isPossible(): boolean {
    return this.#parts.files.canWatch();
  }

  /** Lets the person choose a file, and watches it. Only from a tap. */
  async choose(): Promise<void> {
    const file = await this.#parts.files.pick();
    if (file === null) return;
    await this.#parts.files.keep(file, null);
    await this.watch(file);
  }

  /** Goes on with the file of an earlier visit; where the browser has to ask for it first, `$kept` says so. */
  async restore(): Promise<void> {
    const kept = await this.#parts.files.kept();
    // The person may have chosen another one meanwhile.
    if (kept === null || this.#file !== null) return;
    this.#kept = kept;
    if (kept.isAllowed) await this.watchAgain();
    else this.$kept.set(kept.name);
  }

  /** Watches the file of an earlier visit again. From a tap where the browser has to ask. */
  async watchAgain(): Promise<void> {
    const kept = this.#kept;
    const file = (await kept?.open()) ?? null;
    if (kept === null || file === null) return;
    const isThere = kept.sendTo !== null && this.#parts.devices.find(kept.sendTo) !== undefined;
    await this.watch(file, isThere ? kept.sendTo : null);
  }

  /** Watches this file instead of another. What it holds now is chosen, and not sent. Resolves when it ends. */
  async watch(file: WatchableFile, sendTo: string | null = null): Promise<void> {
    this.#run.abort();
    this.#file = file;
    this.#kept = null;
    this.$kept.set(null);
    const run = new AbortController();
    this.#run = run;
    this.#judged = null;
    this.$watch.set({ kind: 'on', name: file.name, sendTo, event: { kind: 'waiting' } });
    try {
      await this.#follow(file, run.signal);
    } catch (error) {
      if (!run.signal.aborted) throw error;
    }
  }

  /** Watches nothing any more, also after a reload. */
  stop(): void {
    this.#run.abort();
    this.#file = null;
    this.#kept = null;
    this.$kept.set(null);
    void this.#parts.files.forget();
    this.$watch.set({ kind: 'off' });
  }

  /** New builds go to this device from now on; null: to none. The build that is there now is not sent. */
  sendTo(deviceId: string | null): void {
    const view = this.$watch.get();
    if (view.kind !== 'on') return;
    this.$watch.set({ ...view, sendTo: deviceId });
    if (this.#file !== null) void this.#parts.files.keep(this.#file, deviceId);
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
        // Whatever the file holds now, the build before it no longer waits for an update to end.
        if (found !== 'same') build = isFirst ? null : found;
        if (build !== null && build === found) {
          this.#parts.notices.show({ kind: 'new-build', name: file.name, version: build.version });
        }
      }
      if (build !== null && (await this.#send(build, signal))) build = null;
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

  /** The build that the file holds, where the inspector accepts it; `same` where it is the one judged before. */
  async #judge(file: FileNow, signal: AbortSignal): Promise<Build | 'same' | null> {
    const { firmware, clock } = this.#parts;
    const chosen = await firmware.choose([file]);
    signal.throwIfAborted();
    if (chosen?.kind !== 'ready') {
      this.#say({ kind: 'refused', told: chosen?.kind === 'unreadable' ? chosen.told : null });
      return null;
    }
    const { sha256, inspection } = chosen.firmware;
    if (this.#judged === sha256) {
      // Touched, or built anew to the very same bytes.
      this.#clear('settling', 'missing');
      return 'same';
    }
    this.#judged = sha256;
    if (inspection.verdict !== 'accept') {
      this.#say({ kind: 'refused', told: chosen.firmware.told });
      return null;
    }
    const version = versionOf(inspection);
    this.#say({ kind: 'ready', version, at: clock.date() });
    return { firmware: chosen.firmware, version };
  }

  /** Whether nothing more is to be done with this build: it was sent, or is to be sent nowhere. */
  async #send({ firmware, version }: Build, signal: AbortSignal): Promise<boolean> {
    const { anyTabUpdates, updates, devices, clock } = this.#parts;
    const busyElsewhere = await anyTabUpdates();
    signal.throwIfAborted();
    const target = this.#target();
    const device = target === null ? undefined : devices.find(target);
    if (device === undefined || this.#sent.get(device.id) === firmware.sha256) return true;
    if (busyElsewhere || updates.isRunning()) {
      this.#say({ kind: 'held' });
      return false;
    }
    // The person has chosen another file since: whether this one is sent is up to them.
    if (this.#parts.firmware.firmware?.sha256 !== firmware.sha256) {
      this.#say({ kind: 'ready', version, at: clock.date() });
      return true;
    }
    this.#sent.set(device.id, firmware.sha256);
    this.#say({ kind: 'sent', device: device.name, version, at: clock.date() });
    // Not waited for: the card tells how it goes, and the next build may come meanwhile.
    void this.#start(device.id, firmware.sha256);
    return true;
  }

  async #start(deviceId: string, sha256: string): Promise<void> {
    const started = await this.#parts.updates.start(deviceId);
    if (started.kind !== 'misfit' || this.#sent.get(deviceId) !== sha256) return;
    this.#sent.delete(deviceId);
    this.#say({ kind: 'refused', told: this.#parts.firmware.misfitInWords(started.misfit) });
  }

  #target(): string | null {
    const view = this.$watch.get();
    return view.kind === 'on' ? view.sendTo : null;
  }

  #say(event: WatchEvent): void {
    const view = this.$watch.get();
    if (view.kind === 'on') this.$watch.set({ ...view, event });
  }

  /** Nothing came of it: what was said while looking no longer holds. */
  #clear(...kinds: readonly WatchEvent['kind'][]): void {
    const view = this.$watch.get();
    if (view.kind === 'on' && kinds.includes(view.event.kind)) this.#say({ kind: 'waiting' });
  }
}

function markOf({ size, lastModified }: FileNow): string {
  return `${size} ${lastModified}`;
}
