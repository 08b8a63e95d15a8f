/** A host and the web page of an ESPHome device in one process, under a fake clock. */
import { OF_HOST } from '../../../src/device/whole-image/of-host.ts';
import type { RawConnection } from '../../../src/model/device/raw-connection.ts';
import { LoginSignIn } from '../../../src/device/sign-in/sign-in.ts';
import { esphomeBuildOf, esphomeImage } from '../../../src/simulator/esphome/build.ts';
import { SimulatedEsphomeWeb } from '../../../src/simulator/esphome/esphome-web.ts';
import { FakeClock } from '../fake-clock.ts';
import { sameBytes } from '../same-bytes.ts';
import { type EsphomeWorldOptions, HASHES, NEW, OLD, toldBy, waysTo } from './esphome-world.ts';
import { IMAGE_BYTES, WholeWorld } from './whole-world.ts';

export interface EsphomeWebWorldOptions extends EsphomeWorldOptions {
  /** What is entered; absent: nothing. */
  readonly enters?: { readonly user: string; readonly password: string };
}

export class EsphomeWebWorld extends WholeWorld<SimulatedEsphomeWeb> {
  readonly #open: Set<RawConnection>;

  constructor(options: EsphomeWebWorldOptions = {}) {
    const {
      old = OLD,
      file = NEW,
      enters,
      random = () => 0.5,
      fileSays = true,
      fileSaysBuild = true,
      ...more
    } = options;
    const { image = esphomeImage(file, IMAGE_BYTES), ...device } = more;
    const clock = new FakeClock();
    const isWhole = (bytes: Uint8Array): boolean => sameBytes(bytes, image);
    const there = new SimulatedEsphomeWeb(HASHES, { clock, firmware: esphomeImage(old), isWhole, ...device });
    const tells = fileSays ? esphomeBuildOf(image) : null;
    const open = new Set<RawConnection>();
    const network = { isUp: (): boolean => true };
    super(clock, there, image, {
      ...{ dialect: 'esphome-web', token: '', random, tellsSent: true },
      ...(enters === undefined ? {} : { login: enters }),
      inspection: tells === null ? {} : { tells: toldBy(tells, fileSaysBuild) },
      deps: {
        ...{ onHost: OF_HOST, signIn: (login) => new LoginSignIn(login) },
        raw: waysTo(there, open, network, (end) => there.serveEvents(end)),
      },
    });
    network.isUp = () => this.network.up;
    this.#open = open;
  }

  override reload(): void {
    super.reload();
    for (const connection of this.#open) connection.close();
  }

  get uploads(): number {
    return this.device.updates.length;
  }
}
