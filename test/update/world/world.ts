/** A page and a device in one process: the engine, the real device room, and a simulated device under a fake clock. */
import { openLink } from '../../../src/device/detect.ts';
import { fetchFrom } from '../../../src/simulator/device-fetch.ts';
import type { DeviceOptions } from '../../../src/simulator/options.ts';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import { UpdateControls } from '../../../src/update/controls.ts';
import type { UpdatePlan, UpdatePorts } from '../../../src/model/update/plan.ts';
import { type Dialect, TRAITS } from '../../../src/model/device/dialect.ts';
import type { ChunkedTraits } from '../../../src/model/device/traits.ts';
import type { JournalEntry } from '../../../src/model/update/journal.ts';
import { runUpdate } from '../../../src/update/run-update.ts';
import type { Outcome, UpdateState } from '../../../src/model/update/update-state.ts';
import { target } from '../../device/given.ts';
import { accepted, acceptedApp, appBytes, type TestImage } from '../scripted/images.ts';
import { sameBytes } from '../scripted/same-bytes.ts';
import { FakeClock } from '../scripted/fake-clock.ts';
import { HeldProgress } from './held-progress.ts';
import { ClosablePage, phasesOf } from '../scripted/closable-page.ts';
import { Network } from '../scripted/network.ts';

export const ORIGIN = 'http://192.168.1.50:8080';
export const TOKEN = 'a'.repeat(64);
export const DEVICE_ID = 'kitchen';

const FIRST_FIRMWARE_BYTES = 1000;

export interface WorldOptions extends Partial<DeviceOptions> {
  readonly imageBytes?: number;
  readonly image?: Uint8Array<ArrayBuffer>;
  /** Random numbers for the backoff; default: the middle of every window. */
  readonly random?: () => number;
  /**
   * Whether the browser sends a POST once more, unknown to the page, where a connection that was used before breaks
   * without an answer (RFC 9110, 9.2.2 forbids it; Chromium does it).
   */
  readonly resends?: boolean;
  /** Whether the device reads the whole image back before it makes it bootable, as ESP-IDF does; default: its first byte. */
  readonly verifies?: boolean;
  /**
   * Whether the device does nothing of what it refuses; default: true. What another device has done cannot be known.
   */
  readonly isHonest?: boolean;
}

/** Half a block: the last block of the two is not the same one. */
const LARGER_BY = 2048;
const NEXT_SEED = 7;

/** What of a plan depends on the image. */
function sent({
  bytes,
  sha256,
  inspection,
}: TestImage): Pick<UpdatePlan, 'bytes' | 'sha256' | 'inspection' | 'chipId'> {
  return { bytes, sha256, inspection, chipId: inspection.chip?.id ?? null };
}

export class World {
  readonly clock = new FakeClock();
  readonly network = new Network();
  readonly device: SimulatedDevice;
  /** The image that is sent. */
  image: Uint8Array<ArrayBuffer>;
  /** What was sent before it, and how much of the write log that may fill; null: nothing. */
  earlier: { readonly image: Uint8Array<ArrayBuffer>; readonly writes: number } | null = null;
  /** What the device ran at first. */
  readonly firmware = appBytes(FIRST_FIRMWARE_BYTES);
  sha256: string;
  plan: UpdatePlan;
  readonly #random: () => number;
  readonly #resends: boolean;
  readonly dialect: Dialect;
  /** What the device promises: what holds is asked of these, not of its dialect's name. */
  readonly traits: ChunkedTraits;
  journal = new Map<string, JournalEntry>();
  states: UpdateState[] = [];
  controls = new UpdateControls();
  /** Called with every state, before the engine goes on. */
  onState: (state: UpdateState) => void = () => undefined;
  /** Timers of the test itself that have not fired. */
  #ownTimers = 0;
  #held: HeldProgress;
  readonly #isHonest: boolean;
  /** A page that was closed receives nothing and sends nothing any more. */
  #page = new ClosablePage();

  constructor(options: WorldOptions = {}) {
    const {
      imageBytes = 40_000,
      image,
      random = () => 0.5,
      resends = false,
      verifies = false,
      isHonest = true,
      ...device
    } = options;
    const app = image ? accepted(image) : acceptedApp(imageBytes);
    this.image = app.bytes;
    this.sha256 = app.sha256;
    this.#random = random;
    this.#resends = resends;
    const { firmware } = this;
    // Like a bootloader, which checks the hash in the image: whole images start, damaged ones do not.
    const isWhole = (stored: Uint8Array): boolean =>
      [firmware, this.image, this.earlier?.image].some((image) => image !== undefined && sameBytes(stored, image));
    this.device = new SimulatedDevice({
      token: TOKEN,
      slotBytes: 128 * 1024,
      clock: this.clock,
      firmware,
      boots: isWhole,
      ...(verifies && { checksImage: isWhole }),
      ...device,
    });
    this.dialect = this.device.options.dialect;
    this.traits = TRAITS[this.device.options.dialect];
    this.#isHonest = isHonest;
    this.#held = new HeldProgress(this, isHonest);
    this.plan = {
      deviceId: DEVICE_ID,
      ...sent(app),
      ...{ overruled: [], restart: true, takeOver: null, chunkBytes: {} },
    };
  }

  /** From now on, sends another build: as large as the one before, or larger. */
  next(size: 'as-large' | 'larger'): void {
    const { image, device } = this;
    const bytes = appBytes(image.length + (size === 'larger' ? LARGER_BY : 0), NEXT_SEED);
    const app = accepted(bytes);
    this.earlier = { image, writes: device.writeLog.length };
    this.image = app.bytes;
    this.sha256 = app.sha256;
    this.plan = { ...this.plan, ...sent(app) };
    this.#held = new HeldProgress(this, this.#isHonest);
  }

  /** Runs an update to its end and answers how it ended. */
  async run(changes: Partial<UpdatePlan> = {}): Promise<Outcome> {
    const outcome = await this.clock.settle(this.start(changes));
    if (outcome === null) throw new Error('The update ended without an outcome.');
    return outcome;
  }

  /** Starts an update; answers its outcome, or null where the page went away before. */
  async start(changes: Partial<UpdatePlan> = {}): Promise<Outcome | null> {
    this.states = [];
    this.controls = new UpdateControls();
    this.#held.starts(this.journal.get(DEVICE_ID));
    const page = (this.#page = new ClosablePage());
    return page.whileOpen(this.#follow({ ...this.plan, ...changes }, page));
  }

  async #follow(plan: UpdatePlan, page: ClosablePage): Promise<Outcome | null> {
    const states = runUpdate(plan, this.#ports(page), this.controls);
    for await (const state of states) {
      if (page.isGone()) return null;
      this.#held.state(state, this.states.at(-1));
      this.states.push(state);
      this.onState(state);
      if (state.phase === 'ended') return state;
      if (page.isGone()) return null;
    }
    return null;
  }

  /** Closes the page: what is in flight is cut, nothing more is sent. The journal stays. */
  reload(): void {
    this.#page.close();
  }

  /** The phases so far, each once in a row. */
  get phases(): readonly string[] {
    return phasesOf(this.states);
  }

  /** Whether the slot that runs holds the very bytes of the image. */
  get runsImage(): boolean {
    return sameBytes(this.device.runningImage, this.image);
  }

  /** Whether either slot holds the very bytes of the image. */
  get holdsImage(): boolean {
    return (['ota_0', 'ota_1'] as const).some((label) =>
      sameBytes(this.device.slot(label).subarray(0, this.image.length), this.image),
    );
  }

  /** Lets something happen later, whatever the update does. */
  later(ms: number, then: () => void): void {
    this.#ownTimers += 1;
    void this.clock.sleep(ms).then(() => {
      this.#ownTimers -= 1;
      then();
    });
  }

  /** Timers of page and device that are set now. */
  get timersLeft(): number {
    return this.clock.pending - this.#ownTimers;
  }

  /** Whether the session that is open on the device is for this image. */
  get holdsOurSession(): boolean {
    const { session } = this.device;
    if (session?.expectedSize !== this.image.length) return false;
    return !this.traits.sessionNamesImage || session.expectedSha256 === this.sha256;
  }

  #ports(page: ClosablePage): UpdatePorts {
    const fetch = fetchFrom(new Map([[ORIGIN, this.device]]));
    return {
      clock: this.clock,
      random: this.#random,
      connectivity: this.network,
      journal: {
        read: async (id) => this.journal.get(id) ?? null,
        write: async (entry) => {
          if (page.isGone()) return;
          this.#held.noted(entry);
          this.journal.set(entry.deviceId, entry);
        },
        clear: async (id) => {
          if (!page.isGone()) this.journal.delete(id);
        },
      },
      open: openLink(target({ origin: ORIGIN, token: TOKEN }), {
        clock: this.clock,
        secureContext: true,
        fetch: async (url, init) => {
          if (page.isGone()) return new Promise(() => undefined);
          if (!this.network.up) throw new TypeError('Failed to fetch');
          const { method, headers, body, signal } = init;
          const gone = AbortSignal.any([signal, page.signal]);
          const ask = (): Promise<Response> =>
            fetch(url, { method, headers, ...(body === undefined ? {} : { body }), signal: gone });
          const resends = this.#resends && method === 'POST';
          try {
            return await ask().catch((error: unknown) => {
              if (resends && error instanceof TypeError && this.network.up && !gone.aborted) return ask();
              throw error;
            });
          } catch (error) {
            // The outcome of a request of a closed page is not awaited.
            if (page.isGone()) return new Promise<never>(() => undefined);
            throw error;
          }
        },
      }),
    };
  }
}
