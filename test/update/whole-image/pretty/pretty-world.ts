/** A host and a device with PrettyOTA in one process (`whole-world.ts`). */
import { PrettyLink } from '../../../../src/device/pretty-ota/pretty-link.ts';
import { Sessions } from '../../../../src/device/pretty-ota/sessions.ts';
import { OF_HOST } from '../../../../src/device/whole-image/of-host.ts';
import type { Login } from '../../../../src/model/device/secrets/login.ts';
import type { Inspection } from '../../../../src/model/firmware/inspection.ts';
import { type PrettyBuild, prettyImage, toldOf } from '../../../../src/simulator/pretty-ota/build.ts';
import type { PrettyOptions } from '../../../../src/simulator/pretty-ota/options.ts';
import { SimulatedPretty } from '../../../../src/simulator/pretty-ota/simulated-pretty.ts';
import { FakeClock } from '../../scripted/fake-clock.ts';
import { IMAGE_BYTES, type NextBuild, ready, SentBuilds, WholeWorld, type WholeWorldOptions } from '../whole-world.ts';

/** The time of build in Arduino's prebuilt core: the same for every app. */
const CORE = { version: 'v5.1.4-dirty', date: 'Nov  5 2024', time: '10:22:33' } as const;
export const OLD: PrettyBuild = { ...CORE, own: { date: 'Mar  3 2026', time: '09:12:40' } };
export const NEW: PrettyBuild = { ...CORE, own: { date: 'Jul 24 2026', time: '19:38:07' } };
const NEXT: PrettyBuild = { ...CORE, own: { date: 'Sep  9 2026', time: '08:00:01' } };
/** Its app tells nothing of its own, so that every build tells the same. */
export const NAMELESS: PrettyBuild = CORE;

export interface PrettyWorldOptions extends Partial<Omit<PrettyOptions, 'login'>>, WholeWorldOptions<PrettyBuild> {
  /** What the device asks for, and what is saved of it. */
  readonly asks?: Login | null;
  readonly saved?: Login;
}

export class PrettyWorld extends WholeWorld<SimulatedPretty> {
  readonly #file: PrettyBuild;

  constructor(options: PrettyWorldOptions = {}) {
    const { old = OLD, file = NEW, image = prettyImage(file, IMAGE_BYTES, 11), inspection, ...more } = options;
    const { asks = null, saved, tellsSent = true, random = () => 0.5, ...given } = more;
    const clock = new FakeClock();
    const builds = new SentBuilds(image);
    const device = new SimulatedPretty({
      ...{ clock, firmware: prettyImage(old), isWhole: builds.isWhole },
      ...{ login: asks, ...given },
    });
    // One process' memory, which a page that is loaded again does not lose.
    const sessions = new Sessions();
    const onHost = {
      ...OF_HOST,
      links: {
        ...OF_HOST.links,
        'pretty-ota': (
          ...made: [ConstructorParameters<typeof PrettyLink>[0], ConstructorParameters<typeof PrettyLink>[1]]
        ) => new PrettyLink(...made, sessions),
      },
    };
    super(clock, device, builds, {
      dialect: 'pretty-ota',
      inspection: { ...inspected(image), ...inspection },
      ...{ token: '', tellsSent, random, ...(saved === undefined ? {} : { login: saved }) },
      deps: { onHost },
    });
    this.#file = file;
  }

  override next(which: NextBuild): void {
    const image = prettyImage(which === 'alike' ? this.#file : NEXT, IMAGE_BYTES, 13);
    this.sendNext(image, inspected(image));
  }

  /** Images that were sent, or begun to be; not what ends a half. */
  get uploads(): number {
    return (
      this.asked('POST /prettyota/upload') -
      this.asked(`GET /prettyota/start?mode=fw&reboot=false&hash=${'0'.repeat(32)}`)
    );
  }

  /** How often it was asked so. */
  asked(question: string): number {
    return this.device.requests.filter(({ method, path }) => `${method} ${path}` === question).length;
  }

  /** To be awaited before the first `start`. */
  static ready(): Promise<void> {
    return ready('pretty-ota');
  }
}

/** As the inspector reads it: both times of build, one of which the app hands over. */
function inspected(image: Uint8Array<ArrayBuffer>): Partial<Inspection> {
  const told = toldOf(image);
  if (told === null) return {};
  const builds = [CORE, told].map(momentOf).filter((each) => /^[A-Z][a-z]{2} \d/.test(each));
  return { tells: { product: 'PrettyOTA', version: null, release: null, build: null, installsFrom: null, builds } };
}

function momentOf({ date, time }: { readonly date: string; readonly time: string }): string {
  return `${date} ${time}`.replace(/ +/g, ' ');
}
