/** A host and a Tasmota device in one process (`whole-world.ts`). */
import { LoginSignIn } from '../../../../src/device/sign-in/sign-in.ts';
import { OF_HOST } from '../../../../src/device/whole-image/of-host.ts';
import type { Login } from '../../../../src/model/device/secrets/login.ts';
import type { Inspection } from '../../../../src/model/firmware/inspection.ts';
import { buildIn, type TasmotaBuild, tasmotaImage } from '../../../../src/simulator/tasmota/build.ts';
import type { TasmotaOptions } from '../../../../src/simulator/tasmota/options.ts';
import { SimulatedTasmota } from '../../../../src/simulator/tasmota/simulated-tasmota.ts';
import { FakeClock } from '../../scripted/fake-clock.ts';
import { IMAGE_BYTES, type NextBuild, ready, SentBuilds, WholeWorld, type WholeWorldOptions } from '../whole-world.ts';

export const OLD: TasmotaBuild = { version: '15.1.0', variant: 'tasmota32', builtAt: '2025-10-11T09:00:01' };
export const NEW: TasmotaBuild = { version: '15.2.0', variant: 'tasmota32', builtAt: '2026-07-24T19:38:07' };
const NEXT: TasmotaBuild = { version: '15.3.0', variant: 'tasmota32', builtAt: '2026-09-09T08:00:01' };

export interface TasmotaWorldOptions extends Partial<TasmotaOptions>, WholeWorldOptions<TasmotaBuild> {
  /** What is saved of its password. */
  readonly saved?: Login;
  readonly token?: string;
}

export class TasmotaWorld extends WholeWorld<SimulatedTasmota> {
  readonly #file: TasmotaBuild;

  constructor(options: TasmotaWorldOptions = {}) {
    const { old = OLD, file = NEW, image = tasmotaImage(file, IMAGE_BYTES), inspection, saved, ...more } = options;
    const { token = '', tellsSent = true, random = () => 0.5, ...given } = more;
    const clock = new FakeClock();
    const builds = new SentBuilds(image);
    const device = new SimulatedTasmota({
      ...{ clock, firmware: tasmotaImage(old), isWhole: builds.isWhole },
      ...given,
    });
    super(clock, device, builds, {
      dialect: 'tasmota',
      inspection: { ...inspected(image), ...inspection },
      ...{ token, tellsSent, random, ...(saved === undefined ? {} : { login: saved }) },
      deps: { onHost: OF_HOST, signIn: (login) => new LoginSignIn(login) },
    });
    this.#file = file;
  }

  override next(which: NextBuild): void {
    const image = tasmotaImage(which === 'alike' ? this.#file : NEXT, IMAGE_BYTES + 1);
    this.sendNext(image, inspected(image));
  }

  get runsWhich(): WholeWorld<SimulatedTasmota>['runs'] | 'safeboot' {
    return this.device.runsSafeboot ? 'safeboot' : this.runs;
  }

  /** Images that were sent, or begun to be. */
  get uploads(): number {
    return this.asked('POST /u2');
  }

  /** How often it was asked so. */
  asked(question: string): number {
    return this.device.requests.filter(({ method, path }) => `${method} ${path.split('?')[0] ?? ''}` === question)
      .length;
  }

  /** To be awaited before the first `start`. */
  static ready(): Promise<void> {
    return ready('tasmota');
  }
}

/** As the inspector reads it. Real files do not hold the version, which the device computes. */
function inspected(image: Uint8Array): Partial<Inspection> {
  const build = buildIn(image);
  if (build === null) return { slotBytes: image.length };
  const { variant: release, builtAt } = build;
  const tells = { product: 'Tasmota', version: null, installsFrom: null, release, build: builtAt };
  return { slotBytes: image.length, tells };
}
