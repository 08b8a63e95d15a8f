/** A page and a WLED lamp in one process: the engine, the real `device` room, and a simulated lamp under a fake clock. */
import { bytesToHex } from '@noble/hashes/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { openAnyLink, wholeImages } from '../../../src/device/open-link.ts';
import { loadLink } from '../../../src/device/whole-image/links.ts';
import type { Upload } from '../../../src/model/device/upload.ts';
import type { DeviceIdentity } from '../../../src/model/device/identity.ts';
import type { Inspection } from '../../../src/model/firmware/inspection.ts';
import type { JournalEntry } from '../../../src/model/update/journal.ts';
import type { UpdatePlan, UpdatePorts } from '../../../src/model/update/plan.ts';
import type { Outcome, UpdateState } from '../../../src/model/update/update-state.ts';
import { fetchFrom } from '../../../src/simulator/device-fetch.ts';
import { buildOf, type WledBuild } from '../../../src/simulator/wled/metadata.ts';
import { wledImage, type WledOptions } from '../../../src/simulator/wled/options.ts';
import { SimulatedWled } from '../../../src/simulator/wled/simulated-wled.ts';
import { UpdateControls } from '../../../src/update/controls.ts';
import { runAnyUpdate } from '../../../src/update/run-any-update.ts';
import { wholeImageEngine } from '../../../src/update/whole-image/load.ts';
import { anInspection } from '../../firmware/an-inspection.ts';
import { FakeClock } from '../fake-clock.ts';
import { Network } from '../network.ts';
import { sameBytes } from '../same-bytes.ts';

export const ORIGIN = 'http://192.168.1.60';
export const DEVICE_ID = 'lamp';
export const IMAGE_BYTES = 60_000;
const OLD: WledBuild = { version: '16.0.0', release: 'ESP32' };
const NEW: WledBuild = { version: '16.0.1', release: 'ESP32' };

/** What a connection takes at a time. */
const PIECE_BYTES = 4096;

export interface ShelfOptions extends Partial<WledOptions> {
  /** What it runs at first, and what is sent. */
  readonly old?: WledBuild;
  readonly file?: WledBuild;
  readonly image?: Uint8Array<ArrayBuffer>;
  readonly inspection?: Partial<Inspection>;
  readonly token?: string;
  /** Whether the page hears how much has gone; default: yes. */
  readonly tellsSent?: boolean;
  readonly random?: () => number;
}

export class ShelfWorld {
  readonly clock = new FakeClock();
  readonly network = new Network();
  readonly device: SimulatedWled;
  readonly image: Uint8Array<ArrayBuffer>;
  readonly firmware: Uint8Array<ArrayBuffer>;
  readonly plan: UpdatePlan;
  journal = new Map<string, JournalEntry>();
  states: UpdateState[] = [];
  told: DeviceIdentity[] = [];
  controls = new UpdateControls();
  onState: (state: UpdateState) => void = () => undefined;
  readonly #page: Required<Pick<ShelfOptions, 'token' | 'tellsSent' | 'random'>>;
  #open = new AbortController();

  constructor(options: ShelfOptions = {}) {
    const { old = OLD, file = NEW, image, inspection, ...more } = options;
    const { token = '', tellsSent = true, random = () => 0.5, ...lamp } = more;
    this.#page = { token, tellsSent, random };
    this.firmware = wledImage(old);
    this.image = image ?? wledImage(file, IMAGE_BYTES);
    // As the chip does, which checks the hash in the image: whole images are made bootable, damaged ones are not.
    const isWhole = (bytes: Uint8Array): boolean => sameBytes(bytes, this.image);
    this.device = new SimulatedWled({
      ...{ clock: this.clock, firmware: this.firmware, isWhole },
      // Up for a while, so that a restart shows.
      ...lamp,
    });
    const tells = buildOf(this.image, 'esp32');
    const size = this.image.length;
    this.plan = {
      deviceId: DEVICE_ID,
      bytes: this.image,
      sha256: bytesToHex(sha256(this.image)),
      inspection: anInspection({
        ...{ size, chip: { id: 0, name: 'ESP32', known: true }, project: null, version: null },
        ...(tells === null ? {} : { tells: { product: 'WLED', ...tells, installsFrom: null } }),
        ...inspection,
      }),
      ...{ chipId: null, overruled: [], restart: true, takeOver: null, chunkBytes: {} },
    };
  }

  get runsImage(): boolean {
    return sameBytes(this.device.runningImage, this.image);
  }

  /** " " nothing but the old firmware, "*" the file, "!" anything else. */
  get runs(): 'old' | 'file' | 'other' {
    const { runningImage } = this.device;
    if (sameBytes(runningImage, this.image)) return 'file';
    return sameBytes(runningImage, this.firmware) ? 'old' : 'other';
  }

  get uploads(): number {
    return this.device.requests.filter(({ method, path }) => method === 'POST' && path === '/update').length;
  }

  get phases(): readonly string[] {
    return this.states.map((state) => state.phase).filter((phase, at, all) => phase !== all[at - 1]);
  }

  /** Nobody's clock waits for code. To be awaited before the first `start`. */
  static async ready(): Promise<void> {
    await Promise.all([wholeImages(), wholeImageEngine(), loadLink('wled')]);
  }

  /** Lets the lamp be up for some time first. */
  async run(changes: Partial<UpdatePlan> = {}): Promise<Outcome> {
    await this.clock.pass(60_000);
    const outcome = await this.clock.settle(this.start(changes));
    if (outcome === null) throw new Error('The update ended without an outcome.');
    return outcome;
  }

  /** Null: the page went away before. */
  async start(changes: Partial<UpdatePlan> = {}): Promise<Outcome | null> {
    this.states = [];
    this.controls = new UpdateControls();
    const page = (this.#open = new AbortController());
    const gone = new Promise<null>((resolve) => {
      page.signal.addEventListener('abort', () => resolve(null), { once: true });
    });
    return Promise.race([this.#follow({ ...this.plan, ...changes }, page), gone]);
  }

  reload(): void {
    this.#open.abort();
  }

  async #follow(plan: UpdatePlan, page: AbortController): Promise<Outcome | null> {
    for await (const state of runAnyUpdate(plan, this.#ports(page), this.controls)) {
      if (isGone(page)) return null;
      this.states.push(state);
      this.onState(state);
      if (state.phase === 'ended') return state;
    }
    return null;
  }

  #ports(page: AbortController): UpdatePorts {
    const send = fetchFrom(new Map([[ORIGIN, this.device]]));
    const { token, tellsSent, random } = this.#page;
    const guarded = async <T>(ask: () => Promise<T>): Promise<T> => {
      if (isGone(page)) return new Promise(() => undefined);
      if (!this.network.up) throw new TypeError('Failed to fetch');
      return ask();
    };
    const upload: Upload = ({ url, contentType, parts, signal, onSent }) =>
      guarded(async () => {
        const request = new Request(url, {
          method: 'POST',
          headers: { 'Content-Type': contentType },
          body: inPieces(parts, onSent),
          duplex: 'half',
          signal: AbortSignal.any([signal, page.signal]),
        } as RequestInit);
        const response = await send(request);
        const text = await response.text();
        return { status: response.status, contentType: response.headers.get('content-type'), text };
      });
    return {
      ...{ clock: this.clock, random, connectivity: this.network },
      toldIdentity: (identity) => void this.told.push(identity),
      journal: {
        read: async (id) => this.journal.get(id) ?? null,
        write: async (entry) => {
          if (!isGone(page)) this.journal.set(entry.deviceId, entry);
        },
        clear: async (id) => {
          if (!isGone(page)) this.journal.delete(id);
        },
      },
      open: openAnyLink(
        { origin: ORIGIN, prefix: '/ota', protocol: 'automatic', dialect: 'wled', tokenHeader: 'X-OTA-Token', token },
        {
          ...{ clock: this.clock, secureContext: true },
          fetch: (url, { method, headers, body, signal }) =>
            guarded(() =>
              send(url, {
                ...{ method, headers, signal: AbortSignal.any([signal, page.signal]) },
                ...(body === undefined ? {} : { body }),
              }),
            ),
          ...(tellsSent ? { upload } : {}),
        },
      ),
    };
  }
}

/** As a connection does: it takes no more before the device has read what was sent, and then says so. */
function inPieces(
  parts: readonly Uint8Array<ArrayBuffer>[],
  onSent: (bytes: number) => void,
): ReadableStream<Uint8Array> {
  const pieces = parts.flatMap((part) =>
    Array.from({ length: Math.ceil(part.length / PIECE_BYTES) }, (_, at) =>
      part.subarray(at * PIECE_BYTES, (at + 1) * PIECE_BYTES),
    ),
  );
  let sent = 0;
  return new ReadableStream(
    {
      pull(controller) {
        const piece = pieces.shift();
        if (piece === undefined) {
          controller.close();
          return;
        }
        controller.enqueue(piece);
        sent += piece.length;
        onSent(sent);
      },
    },
    { highWaterMark: 0 },
  );
}

function isGone(page: AbortController): boolean {
  return page.signal.aborted;
}
