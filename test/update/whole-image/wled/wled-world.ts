/** A page and a WLED lamp in one process (`whole-world.ts`). */
import { buildOf, type WledBuild } from '../../../../src/simulator/wled/metadata.ts';
import { wledImage, type WledOptions } from '../../../../src/simulator/wled/options.ts';
import { SimulatedWled } from '../../../../src/simulator/wled/simulated-wled.ts';
import { FakeClock } from '../../scripted/fake-clock.ts';
import type { Inspection } from '../../../../src/model/firmware/inspection.ts';
import { IMAGE_BYTES, type NextBuild, ready, SentBuilds, WholeWorld, type WholeWorldOptions } from '../whole-world.ts';

export { DEVICE_ID, IMAGE_BYTES, ORIGIN } from '../whole-world.ts';

const OLD: WledBuild = { version: '16.0.0', release: 'ESP32' };
const NEW: WledBuild = { version: '16.0.1', release: 'ESP32' };

const NEXT: WledBuild = { version: '16.0.2', release: 'ESP32' };

export interface WledWorldOptions extends Partial<WledOptions>, WholeWorldOptions<WledBuild> {
  readonly token?: string;
}

export class WledWorld extends WholeWorld<SimulatedWled> {
  readonly #file: WledBuild;

  constructor(options: WledWorldOptions = {}) {
    const { old = OLD, file = NEW, image = wledImage(file, IMAGE_BYTES), inspection, ...more } = options;
    const { token = '', tellsSent = true, random = () => 0.5, ...lamp } = more;
    const clock = new FakeClock();
    const builds = new SentBuilds(image);
    const { isWhole } = builds;
    const device = new SimulatedWled({ clock, firmware: wledImage(old), isWhole, ...lamp });
    super(clock, device, builds, {
      ...{ dialect: 'wled', token, tellsSent, random },
      inspection: { ...inspected(image), ...inspection },
    });
    this.#file = file;
  }

  override next(which: NextBuild): void {
    const image = wledImage(which === 'alike' ? this.#file : NEXT, IMAGE_BYTES + 1);
    this.sendNext(image, inspected(image));
  }

  get uploads(): number {
    return this.device.requests.filter(({ method, path }) => method === 'POST' && path === '/update').length;
  }

  /**
   * Loads code that is loaded on demand, which the fake clock does not wait for. To be awaited before the first
   * `start`.
   */
  static ready(): Promise<void> {
    return ready('wled');
  }
}

/** As the inspector reads it. */
function inspected(image: Uint8Array): Partial<Inspection> {
  const tells = buildOf(image, 'esp32');
  return tells === null ? {} : { tells: { product: 'WLED', ...tells, installsFrom: null } };
}
