/** A page, or a host, and a device that takes an image whole in one process: the engine, the real `device` room, and a simulated device under a fake clock. */
import { bytesToHex } from '@noble/hashes/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { openAnyLink, wholeImages } from '../../../src/device/open-link.ts';
import { loadLink } from '../../../src/device/whole-image/links.ts';
import type { LinkDeps } from '../../../src/device/link-deps.ts';
import type { DeviceTarget } from '../../../src/device/target.ts';
import type { WholeImageDialect } from '../../../src/model/device/dialect.ts';
import type { DeviceIdentity } from '../../../src/model/device/identity.ts';
import type { Upload } from '../../../src/model/device/upload.ts';
import type { Inspection } from '../../../src/model/firmware/inspection.ts';
import type { JournalEntry } from '../../../src/model/update/journal.ts';
import type { UpdatePlan, UpdatePorts } from '../../../src/model/update/plan.ts';
import type { Outcome, UpdateState } from '../../../src/model/update/update-state.ts';
import { type AnswersRequests, fetchFrom } from '../../../src/simulator/device-fetch.ts';
import type { LoggedRequest } from '../../../src/simulator/request-log.ts';
import { UpdateControls } from '../../../src/update/controls.ts';
import { runAnyUpdate } from '../../../src/update/run-any-update.ts';
import { wholeImageEngine } from '../../../src/update/whole-image/load.ts';
import { anInspection } from '../../firmware/an-inspection.ts';
import type { FakeClock } from '../scripted/fake-clock.ts';
import { ClosablePage, phasesOf } from '../scripted/closable-page.ts';
import { Network } from '../scripted/network.ts';
import { sameBytes } from '../scripted/same-bytes.ts';

export const ORIGIN = 'http://192.168.1.60';
export const DEVICE_ID = 'lamp';
export const IMAGE_BYTES = 60_000;

/** Bytes that a connection takes at a time. */
const PIECE_BYTES = 4096;

/** What a simulated device shows of itself. */
export interface SimulatedWhole extends AnswersRequests {
  readonly runningImage: Uint8Array<ArrayBuffer>;
  readonly requests: readonly LoggedRequest[];
}

/** What a test sets in any such world. */
export interface WholeWorldOptions<Build = never> {
  /** What the device runs at first, and what is sent. */
  readonly old?: Build;
  readonly file?: Build;
  readonly image?: Uint8Array<ArrayBuffer>;
  readonly inspection?: Partial<Inspection>;
  /** Whether the upload reports how much was sent; default: yes. */
  readonly tellsSent?: boolean;
  readonly random?: () => number;
}

export interface Surroundings {
  readonly dialect: WholeImageDialect;
  readonly inspection: Partial<Inspection>;
  readonly token: string;
  readonly login?: DeviceTarget['login'];
  /** Whether the upload reports how much was sent. */
  readonly tellsSent: boolean;
  readonly random: () => number;
  /** What is known, and agreed to, beforehand. */
  readonly plan?: Partial<UpdatePlan>;
  /** What links are given beside: a host has more than a page. */
  readonly deps?: Partial<LinkDeps>;
}

/** `alike`: it tells the same of itself as the one before. */
export type NextBuild = 'newer' | 'alike';

/** The builds that are sent to a device, one after another. */
export class SentBuilds {
  #sent: readonly [Uint8Array<ArrayBuffer>, ...Uint8Array<ArrayBuffer>[]];

  constructor(first: Uint8Array<ArrayBuffer>) {
    this.#sent = [first];
  }

  /** The one that is sent now. */
  get file(): Uint8Array<ArrayBuffer> {
    return this.#sent[0];
  }

  next(image: Uint8Array<ArrayBuffer>): void {
    this.#sent = [image, ...this.#sent];
  }

  /** Like the chip, which checks the hash in the image: whole images are made bootable, damaged ones are not. */
  readonly isWhole = (bytes: Uint8Array): boolean => this.#sent.some((each) => sameBytes(bytes, each));
}

export abstract class WholeWorld<Device extends SimulatedWhole> {
  readonly clock: FakeClock;
  readonly network = new Network();
  readonly device: Device;
  readonly firmware: Uint8Array<ArrayBuffer>;
  plan: UpdatePlan;
  journal = new Map<string, JournalEntry>();
  states: UpdateState[] = [];
  told: DeviceIdentity[] = [];
  controls = new UpdateControls();
  onState: (state: UpdateState) => void = () => undefined;
  readonly #builds: SentBuilds;
  readonly #around: Surroundings;
  #page = new ClosablePage();

  constructor(clock: FakeClock, device: Device, builds: SentBuilds, around: Surroundings) {
    const { file } = builds;
    this.clock = clock;
    this.device = device;
    this.#builds = builds;
    this.firmware = new Uint8Array(device.runningImage);
    this.#around = around;
    this.plan = {
      deviceId: DEVICE_ID,
      ...planned(file, around.inspection),
      ...{ chipId: null, overruled: [], restart: true, takeOver: null, chunkBytes: {} },
      ...around.plan,
    };
  }

  /** The build that is sent. */
  get image(): Uint8Array<ArrayBuffer> {
    return this.#builds.file;
  }

  get runsImage(): boolean {
    return sameBytes(this.device.runningImage, this.image);
  }

  /** `earlier`: a build that was sent before the one that is sent now. */
  get runs(): 'old' | 'earlier' | 'file' | 'other' {
    const { runningImage } = this.device;
    if (sameBytes(runningImage, this.image)) return 'file';
    if (sameBytes(runningImage, this.firmware)) return 'old';
    return this.#builds.isWhole(runningImage) ? 'earlier' : 'other';
  }

  /** From now on, sends the next build. */
  abstract next(which: NextBuild): void;

  protected sendNext(image: Uint8Array<ArrayBuffer>, inspection: Partial<Inspection>): void {
    this.#builds.next(image);
    this.plan = { ...this.plan, ...planned(image, inspection) };
  }

  get phases(): readonly string[] {
    return phasesOf(this.states);
  }

  /** Lets the device run for some time first. */
  async run(changes: Partial<UpdatePlan> = {}): Promise<Outcome> {
    await this.clock.pass(60_000);
    const outcome = await this.clock.settle(this.start(changes));
    if (outcome === null) throw new Error('The update ended without an outcome.');
    return outcome;
  }

  /** Null: the page was closed before. */
  async start(changes: Partial<UpdatePlan> = {}): Promise<Outcome | null> {
    this.states = [];
    this.controls = new UpdateControls();
    const page = (this.#page = new ClosablePage());
    return page.whileOpen(this.#follow({ ...this.plan, ...changes }, page));
  }

  reload(): void {
    this.#page.close();
  }

  async #follow(plan: UpdatePlan, page: ClosablePage): Promise<Outcome | null> {
    for await (const state of runAnyUpdate(plan, this.#ports(page), this.controls)) {
      if (page.isGone()) return null;
      this.states.push(state);
      this.onState(state);
      if (state.phase === 'ended') return state;
    }
    return null;
  }

  #ports(page: ClosablePage): UpdatePorts {
    const send = fetchFrom(new Map([[ORIGIN, this.device]]));
    const { dialect, token, login = null, tellsSent, random, deps = {} } = this.#around;
    const guarded = async <T>(ask: () => Promise<T>): Promise<T> => {
      if (page.isGone()) return new Promise(() => undefined);
      if (!this.network.up) throw new TypeError('Failed to fetch');
      return ask();
    };
    const upload: Upload = ({ url, contentType, headers, parts, signal, onSent }) =>
      guarded(async () => {
        const request = new Request(url, {
          method: 'POST',
          headers: { ...headers, 'Content-Type': contentType },
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
          if (!page.isGone()) this.journal.set(entry.deviceId, entry);
        },
        clear: async (id) => {
          if (!page.isGone()) this.journal.delete(id);
        },
      },
      open: openAnyLink(
        {
          ...{ origin: ORIGIN, prefix: '/ota', protocol: 'automatic', dialect, tokenHeader: 'X-OTA-Token' },
          ...{ token, login },
        },
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
          ...deps,
        },
      ),
    };
  }
}

/** An image, and what the inspector reads of it. */
function planned(image: Uint8Array<ArrayBuffer>, inspection: Partial<Inspection>) {
  return {
    bytes: image,
    sha256: bytesToHex(sha256(image)),
    inspection: anInspection({
      ...{ size: image.length, chip: { id: 0, name: 'ESP32', known: true }, project: null, version: null },
      ...inspection,
    }),
  };
}

/**
 * Loads code that is loaded on demand, which the fake clock does not wait for. To be awaited before the first `start`.
 */
export async function ready(dialect: WholeImageDialect): Promise<void> {
  await Promise.all([wholeImages(), wholeImageEngine(), loadLink(dialect)]);
}

/** Takes the next bytes only when the device has read those before, as a connection does, and reports it. */
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
