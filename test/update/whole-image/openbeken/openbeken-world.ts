/** A host and an OpenBeken device in one process (`whole-world.ts`). */
import { LoginSignIn } from '../../../../src/device/sign-in/sign-in.ts';
import { OF_HOST } from '../../../../src/device/whole-image/of-host.ts';
import type { Login } from '../../../../src/model/device/secrets/login.ts';
import type { Inspection } from '../../../../src/model/firmware/inspection.ts';
import { type OpenbekenBuild, openbekenImage, toldOf } from '../../../../src/simulator/openbeken/build.ts';
import type { OpenbekenOptions } from '../../../../src/simulator/openbeken/options.ts';
import { SimulatedOpenbeken } from '../../../../src/simulator/openbeken/simulated-openbeken.ts';
import { FakeClock } from '../../scripted/fake-clock.ts';
import { IMAGE_BYTES, type NextBuild, ready, SentBuilds, WholeWorld } from '../whole-world.ts';

export const OLD: OpenbekenBuild = { date: 'Mar  3 2026', time: '09:12:40', version: '1.18.201_4M' };
export const NEW: OpenbekenBuild = { date: 'Jul 24 2026', time: '19:38:07', version: '1.18.233_4M' };

const NEXT: OpenbekenBuild = { date: 'Sep  9 2026', time: '08:00:01', version: '1.18.240_4M' };

export interface OpenbekenWorldOptions extends Partial<OpenbekenOptions> {
  readonly old?: OpenbekenBuild;
  readonly file?: OpenbekenBuild;
  readonly image?: Uint8Array<ArrayBuffer>;
  readonly inspection?: Partial<Inspection>;
  /** What is saved of it. */
  readonly saved?: Login;
  readonly tellsSent?: boolean;
  readonly random?: () => number;
}

export class OpenbekenWorld extends WholeWorld<SimulatedOpenbeken> {
  readonly #file: OpenbekenBuild;

  constructor(options: OpenbekenWorldOptions = {}) {
    const { old = OLD, file = NEW, image = openbekenImage(file, IMAGE_BYTES, 11), inspection, ...more } = options;
    const { saved, tellsSent = true, random = () => 0.5, ...given } = more;
    const clock = new FakeClock();
    const builds = new SentBuilds(image);
    const device = new SimulatedOpenbeken({
      ...{ clock, firmware: openbekenImage(old), isWhole: builds.isWhole },
      ...given,
    });
    super(clock, device, builds, {
      dialect: 'openbeken',
      inspection: { ...inspected(image), ...inspection },
      ...{ token: '', tellsSent, random, ...(saved === undefined ? {} : { login: saved }) },
      deps: { onHost: OF_HOST, signIn: (login) => new LoginSignIn(login) },
    });
    this.#file = file;
  }

  override next(which: NextBuild): void {
    const image = openbekenImage(which === 'alike' ? this.#file : NEXT, IMAGE_BYTES, 13);
    this.sendNext(image, inspected(image));
  }

  /** Images that were sent, or begun to be. */
  get uploads(): number {
    return this.asked('POST /api/ota');
  }

  /** How often it was asked so. */
  asked(question: string): number {
    return this.device.requests.filter(({ method, path }) => `${method} ${path}` === question).length;
  }

  /** To be awaited before the first `start`. */
  static ready(): Promise<void> {
    return ready('openbeken');
  }
}

/** As the inspector reads it. */
function inspected(image: Uint8Array): Partial<Inspection> {
  const told = toldOf(image);
  if (told === null) return {};
  const build = `${told.date} ${told.time}`.replace(/ +/g, ' ');
  return { tells: { product: 'OpenBeken', version: told.version, release: null, installsFrom: null, build } };
}
