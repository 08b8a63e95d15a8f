import { atom } from 'nanostores';
import type { Device } from '../../model/device/device.ts';
import type { FirmwareName } from '../../model/firmware/firmware-record.ts';
import type { ActiveState, Outcome } from '../../model/update/update-state.ts';
import type { UpdateControls } from '../../update/controls.ts';
import type { Words } from '../../words/update/told.ts';
import type { PerDevice } from '../device/per-device.ts';
import { percentOf } from '../../words/kit/quantities.ts';
import type { HostRun } from './host-runs.ts';
import { nameOf, type Sending, wordsOf } from './sending.ts';
import { AT_REST, type UpdateView } from './update-view.ts';
import type { UpdatesParts } from './updates-parts.ts';

/** One ended update of this visit. */
export interface EndedUpdate {
  readonly device: Device;
  readonly view: Extract<UpdateView, { kind: 'ended' }>;
}

/** What the host runs, and how it ended, once that is told. */
interface OnHost {
  readonly run: HostRun;
  end: Outcome | null;
}

interface Held {
  readonly controls: UpdateControls;
  /** Null while the page runs it. */
  onHost: OnHost | null;
}

/** Which updates are under way, at most one per device, and how they are drawn from the press to the end. */
export class UnderWay {
  /** Newest first. */
  readonly $ended = atom<readonly EndedUpdate[]>([]);
  /** Ids of the devices that are under way. */
  readonly $running = atom<readonly string[]>([]);
  readonly #held = new Map<string, Held>();
  readonly #views: PerDevice<UpdateView>;
  readonly #parts: Pick<UpdatesParts, 'busy' | 'today'>;

  constructor(views: PerDevice<UpdateView>, parts: Pick<UpdatesParts, 'busy' | 'today'>) {
    this.#views = views;
    this.#parts = parts;
  }

  /** Whether an update of any device, or of this one, is under way. */
  has(deviceId?: string): boolean {
    return deviceId === undefined ? this.#held.size > 0 : this.#held.has(deviceId);
  }

  /** The device is under way for as long as `work` goes on. Ask `has` first. */
  async hold<T>(deviceId: string, controls: UpdateControls, work: () => Promise<T>): Promise<T> {
    const held: Held = { controls, onHost: null };
    this.#held.set(deviceId, held);
    this.#tellRunning();
    this.#tellBusy();
    try {
      return await work();
    } finally {
      this.#held.delete(deviceId);
      // Only a surprise leaves a run of the page without its outcome; the card must not stand still over it.
      const view = this.#views.of(deviceId);
      const { kind } = view.get();
      if (kind === 'preparing' || kind === 'running') view.set(AT_REST);
      this.#tellRunning();
      this.#tellBusy();
      held.onHost?.run.over(held.onHost.end);
    }
  }

  /** The host runs it from here on, so that the page may be closed. `follow` resolves with how that ended. */
  async runOnHost(deviceId: string, run: HostRun, follow: () => Promise<Outcome | null>): Promise<Outcome | null> {
    const onHost: OnHost = { run, end: null };
    this.#setOnHost(deviceId, onHost);
    onHost.end = await follow();
    return onHost.end;
  }

  /** The page runs it itself, after all. */
  runHere(deviceId: string): void {
    this.#setOnHost(deviceId, null);
  }

  showPreparing(deviceId: string, firmware: FirmwareName): void {
    this.#views.of(deviceId).set({ kind: 'preparing', firmware });
  }

  /** The file is on its way to the host. */
  showHandingOver({ device, firmware }: Sending, bytes: number): void {
    const view = this.#views.of(device.id);
    const now = view.get();
    const percent = percentOf(bytes, firmware.size);
    // A press on "Cancel" may have ended it, and the progress of its request still comes in.
    if (now.kind !== 'preparing' || now.handedOver === percent) return;
    view.set({ ...now, handedOver: percent });
  }

  showRunning(sending: Sending, state: ActiveState, controls: UpdateControls): void {
    const { id } = sending.device;
    this.#views.of(id).set({
      kind: 'running',
      firmware: nameOf(sending.firmware),
      state,
      words: wordsOf(sending, state),
      paused: controls.paused,
      cancelling: controls.cancelled.aborted,
      // A host that tells a state is heard.
      ...(this.#onHost(id) === null ? {} : { onHost: 'heard' }),
    });
  }

  /** @returns what is said of it */
  showEnded(sending: Sending, state: Outcome): Words {
    const { device, firmware } = sending;
    const words = wordsOf(sending, state);
    const onHost = this.#onHost(device.id);
    const at = onHost?.run.endedAt() ?? this.#parts.today();
    const by = onHost === null ? {} : ({ onHost: true } as const);
    const view = { kind: 'ended', firmware: nameOf(firmware), state, words, at, ...by } as const;
    // First, so that whoever hears that it runs no more finds it among the ended ones.
    this.$ended.set([{ device, view }, ...this.$ended.get()]);
    this.#views.of(device.id).set(view);
    return words;
  }

  /** Says of what the host runs whether it is heard. */
  showHostAway(isAway: boolean): void {
    for (const [id, { onHost }] of this.#held) {
      const view = this.#views.of(id);
      const now = view.get();
      if (onHost !== null && now.kind === 'running') view.set({ ...now, onHost: isAway ? 'away' : 'heard' });
    }
  }

  /** Does to its controls what the person asked for, and shows at once that a button was pressed. */
  press(deviceId: string, button: 'pause' | 'resume' | 'cancel'): void {
    const controls = this.#held.get(deviceId)?.controls;
    if (controls === undefined) return;
    controls[button]();
    // The engine's next state says the rest.
    const view = this.#views.of(deviceId);
    const now = view.get();
    if (now.kind === 'running') {
      view.set({ ...now, paused: controls.paused, cancelling: controls.cancelled.aborted });
    }
  }

  #onHost(deviceId: string): OnHost | null {
    return this.#held.get(deviceId)?.onHost ?? null;
  }

  #setOnHost(deviceId: string, onHost: OnHost | null): void {
    const held = this.#held.get(deviceId);
    if (held !== undefined) held.onHost = onHost;
    this.#tellBusy();
  }

  /** What the host runs needs no page. */
  #tellBusy(): void {
    this.#parts.busy.set([...this.#held.values()].some(({ onHost }) => onHost === null));
  }

  #tellRunning(): void {
    this.$running.set([...this.#held.keys()]);
  }
}
