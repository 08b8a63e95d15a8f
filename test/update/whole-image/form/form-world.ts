/** A host, or a page, and a device that takes firmware by a form in one process (`whole-world.ts`). */
import { OF_HOST } from '../../../../src/device/whole-image/of-host.ts';
import { LoginSignIn } from '../../../../src/device/sign-in/sign-in.ts';
import type { Login } from '../../../../src/model/device/secrets/login.ts';
import { formImage, type FormOptions } from '../../../../src/simulator/forms/options.ts';
import { SimulatedForm } from '../../../../src/simulator/forms/simulated-form.ts';
import { FakeClock } from '../../scripted/fake-clock.ts';
import { IMAGE_BYTES, type NextBuild, ready, SentBuilds, WholeWorld, type WholeWorldOptions } from '../whole-world.ts';

export interface FormWorldOptions extends Partial<Omit<FormOptions, 'login'>>, WholeWorldOptions {
  /** What the device asks for, and what is saved of it. */
  readonly asks?: Login;
  readonly saved?: Login;
  /** Whether a page speaks to it, with no more than a page can do; otherwise a host. */
  readonly byPage?: boolean;
}

/** How ESPEasy names its files. */
export const OLD_BUILD = 'ESP_Easy_mega_20241019_normal_ESP32_4M316k';
export const NEW_BUILD = 'ESP_Easy_mega_20250101_normal_ESP32_4M316k';
const NEXT_BUILD = 'ESP_Easy_mega_20250909_normal_ESP32_4M316k';

export class FormWorld extends WholeWorld<SimulatedForm> {
  constructor(options: FormWorldOptions = {}) {
    const { image = formImage(IMAGE_BYTES, NEW_BUILD, 11), inspection = {}, asks = null, saved, ...more } = options;
    const { tellsSent = true, random = () => 0.5, byPage = false, ...given } = more;
    const clock = new FakeClock();
    const builds = new SentBuilds(image);
    const { isWhole } = builds;
    // An ESP8266 checks nothing, and cannot start a damaged image either.
    const boots = given.chip === 'ESP8266' ? isWhole : () => true;
    const firmware = formImage(2_000, OLD_BUILD);
    const device = new SimulatedForm({ clock, isWhole, boots, firmware, login: asks, ...given });
    super(clock, device, builds, {
      dialect: device.options.kind === 'elegant-3' ? 'elegant-ota' : 'form',
      ...{ inspection, token: '', tellsSent, random },
      // None of them but ESPEasy tells its chip.
      plan: { overruled: ['chip-untold'] },
      ...(saved === undefined ? {} : { login: saved }),
      deps: byPage ? {} : { onHost: OF_HOST, signIn: (login) => new LoginSignIn(login) },
    });
  }

  /** The inspector reads of it what it reads of the first one. */
  override next(which: NextBuild): void {
    const build = which === 'alike' ? NEW_BUILD : NEXT_BUILD;
    const { tells } = this.plan.inspection;
    const version = build.replace('ESP_Easy_', '');
    this.sendNext(formImage(IMAGE_BYTES, build, 13), tells === undefined ? {} : { tells: { ...tells, version } });
  }

  /** Images that were sent, or begun to be. */
  get uploads(): number {
    return this.device.requests.filter(({ method }) => method === 'POST').length;
  }

  /** To be awaited before the first `start`. */
  static async ready(): Promise<void> {
    await Promise.all([ready('form'), ready('elegant-ota')]);
  }
}
