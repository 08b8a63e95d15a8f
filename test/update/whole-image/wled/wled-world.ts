/** A page and a WLED lamp in one process (`whole-world.ts`). */
import { buildOf, type WledBuild } from '../../../../src/simulator/wled/metadata.ts';
import { wledImage, type WledOptions } from '../../../../src/simulator/wled/options.ts';
import { SimulatedWled } from '../../../../src/simulator/wled/simulated-wled.ts';
import { FakeClock } from '../../scripted/fake-clock.ts';
import { sameBytes } from '../../scripted/same-bytes.ts';
import { IMAGE_BYTES, ready, WholeWorld, type WholeWorldOptions } from '../whole-world.ts';

export { DEVICE_ID, IMAGE_BYTES, ORIGIN } from '../whole-world.ts';

const OLD: WledBuild = { version: '16.0.0', release: 'ESP32' };
const NEW: WledBuild = { version: '16.0.1', release: 'ESP32' };

export interface WledWorldOptions extends Partial<WledOptions>, WholeWorldOptions<WledBuild> {
  readonly token?: string;
}

export class WledWorld extends WholeWorld<SimulatedWled> {
  constructor(options: WledWorldOptions = {}) {
    const { old = OLD, file = NEW, image = wledImage(file, IMAGE_BYTES), inspection, ...more } = options;
    const { token = '', tellsSent = true, random = () => 0.5, ...lamp } = more;
    const clock = new FakeClock();
    // Like the chip, which checks the hash in the image: whole images are made bootable, damaged ones are not.
    const isWhole = (bytes: Uint8Array): boolean => sameBytes(bytes, image);
    const device = new SimulatedWled({ clock, firmware: wledImage(old), isWhole, ...lamp });
    const tells = buildOf(image, 'esp32');
    super(clock, device, image, {
      ...{ dialect: 'wled', token, tellsSent, random },
      inspection: {
        ...(tells === null ? {} : { tells: { product: 'WLED', ...tells, installsFrom: null } }),
        ...inspection,
      },
    });
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
