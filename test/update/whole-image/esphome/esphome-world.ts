/** A host and an ESPHome device in one process, under a fake clock. */
import { md5 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { API_PORT } from '../../../../src/device/esphome/native-api.ts';
import type { RawWays } from '../../../../src/model/device/raw-connection.ts';
import type { Inspection } from '../../../../src/model/firmware/inspection.ts';
import { ConnectionDropped } from '../../../../src/simulator/power.ts';
import { type EsphomeBuild, esphomeBuildOf, esphomeImage } from '../../../../src/simulator/esphome/build.ts';
import { type Connection, pair } from '../../../../src/simulator/esphome/connection.ts';
import type { EsphomeOptions } from '../../../../src/simulator/esphome/options.ts';
import { SimulatedEsphome } from '../../../../src/simulator/esphome/simulated-esphome.ts';
import type { Hashes } from '../../../../src/simulator/esphome/take-update.ts';
import type { LoggedRequest } from '../../../../src/simulator/request-log.ts';
import { FakeClock } from '../../scripted/fake-clock.ts';
import { RawWorld, type Sockets } from '../raw-world.ts';
import { IMAGE_BYTES, type NextBuild, SentBuilds } from '../whole-world.ts';

export const HASHES: Hashes = {
  md5: (bytes) => bytesToHex(md5(bytes)),
  sha256: (bytes) => bytesToHex(sha256(bytes)),
};

export const OLD: EsphomeBuild = { version: '2026.6.4', node: 'kitchen', builtAt: '2026-06-20 10:00:00 +0200' };
export const NEW: EsphomeBuild = { version: '2026.6.5', node: 'kitchen', builtAt: '2026-07-01 09:30:00 +0200' };
const NEXT: EsphomeBuild = { version: '2026.7.0', node: 'kitchen', builtAt: '2026-07-09 08:00:01 +0200' };

/** The device speaks no HTTP. */
class RawDevice extends SimulatedEsphome {
  readonly requests: readonly LoggedRequest[] = [];

  handle(): Promise<Response> {
    return Promise.reject(new ConnectionDropped());
  }
}

export interface EsphomeWorldOptions extends Partial<EsphomeOptions> {
  /** What it runs at first, and what is sent. */
  readonly old?: EsphomeBuild;
  readonly file?: EsphomeBuild;
  readonly image?: Uint8Array<ArrayBuffer>;
  /** Whether the file says what it is; default: yes. */
  readonly fileSays?: boolean;
  /** Whether the file says when it was built; default: yes. */
  readonly fileSaysBuild?: boolean;
  readonly token?: string;
  readonly random?: () => number;
}

/** What the worlds of both ways to such a device have in common. */
export function esphomeGiven(options: EsphomeWorldOptions) {
  const {
    old = OLD,
    file = NEW,
    token = '',
    random = () => 0.5,
    fileSays = true,
    fileSaysBuild = true,
    ...more
  } = options;
  const { image = esphomeImage(file, IMAGE_BYTES), ...given } = more;
  const clock = new FakeClock();
  const builds = new SentBuilds(image);
  const inspected = (bytes: Uint8Array): Partial<Inspection> => {
    const tells = fileSays ? esphomeBuildOf(bytes) : null;
    return tells === null ? {} : { tells: toldBy(tells, fileSaysBuild) };
  };
  const next = (which: NextBuild) => {
    const bytes = esphomeImage(which === 'alike' ? file : NEXT, IMAGE_BYTES + 1);
    return [bytes, inspected(bytes)] as const;
  };
  return {
    ...{ clock, builds, next },
    device: { clock, firmware: esphomeImage(old), isWhole: builds.isWhole, ...given },
    around: { ...{ token, random, tellsSent: true }, inspection: inspected(image) },
  };
}

/** The next build, and what the inspector reads of it. */
export type EsphomeNext = ReturnType<typeof esphomeGiven>['next'];

export class EsphomeWorld extends RawWorld<RawDevice> {
  readonly #next: EsphomeNext;

  constructor(options: EsphomeWorldOptions = {}) {
    const { clock, builds, next, device, around } = esphomeGiven(options);
    const there = new RawDevice(HASHES, device);
    super(clock, there, builds, {
      ...{ dialect: 'esphome', ...around },
      waysTo: (sockets) => waysTo(there, sockets, (end) => there.serve('ota', end)),
    });
    this.#next = next;
  }

  override next(which: NextBuild): void {
    this.sendNext(...this.#next(which));
  }

  get uploads(): number {
    return this.device.updates.filter(({ signedIn }) => signedIn).length;
  }
}

/** As the inspector reads it. */
function toldBy({ version, node, builtAt }: EsphomeBuild, saysBuild: boolean): NonNullable<Inspection['tells']> {
  return { product: 'ESPHome', version, node, release: null, build: saysBuild ? builtAt : null, installsFrom: null };
}

/** As the host's own sockets. @param serve what the device does at its own port */
export function waysTo(
  device: SimulatedEsphome,
  { open, isUp }: Sockets,
  serve: (connection: Connection) => Promise<void>,
): RawWays {
  return {
    connect: (_origin, port, signal) => {
      const isApi = port === API_PORT;
      const isThere = isUp() && device.listens(isApi ? 'api' : 'ota');
      if (!isThere || signal.aborted) return Promise.reject(new ConnectionDropped());
      const { client, device: end } = pair();
      void (isApi ? device.serve('api', end) : serve(end));
      const close = (): void => {
        open.delete(client);
        client.close();
      };
      open.add(client);
      signal.addEventListener('abort', close, { once: true });
      return Promise.resolve({ ...client, close });
    },
    announced: () => Promise.resolve(isUp() ? device.announced : null),
  };
}
