/**
 * Speaks to an OpenBeken device, for a host. It takes an image as it is, without a form, checks it before it says
 * “yes”, and keeps running until it is asked to restart. Source: OpenBeken `rest_interface.c`, `hal_ota_espidf.c` (July
 * 2026).
 */
import type { Route } from '../../model/device/device.ts';
import { TRAITS } from '../../model/device/dialect.ts';
import type { DeviceIdentity } from '../../model/device/identity.ts';
import type { RequestOptions } from '../../model/device/link.ts';
import type { UploadAnswer, UploadOptions, WholeImageLink } from '../../model/device/whole-image-link.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import type { LinkDeps } from '../link-deps.ts';
import { send, type RequestDeps } from '../request.ts';
import { deviceUrl, routeOf, type DeviceTarget } from '../target.ts';
import { codeOfPage } from '../whole-image/code-of-page.ts';
import { SignedIn } from '../whole-image/signed-in.ts';
import { uploadBody } from '../whole-image/upload.ts';
import { readInfo, readUpload, saysReboot } from './answers.ts';

const INFO = '/api/info';
const OTA = '/api/ota';

/** Asks whatever is there, without a password. Null: something else answers. */
export async function findOpenbeken(
  target: DeviceTarget,
  options: RequestOptions,
  deps: RequestDeps,
): Promise<DeviceIdentity | null> {
  const question = { kind: 'identify', method: 'GET', route: INFO, atRoot: true } as const;
  return readInfo(await send(target, { ...question, credentials: 'none', anyAnswer: true }, options, deps));
}

export class OpenbekenLink implements WholeImageLink {
  readonly dialect = 'openbeken';
  readonly traits = TRAITS.openbeken;
  readonly certain = true;
  readonly runsOn = true;
  readonly route: Route;
  readonly tellsSent: boolean;
  readonly #target: DeviceTarget;
  readonly #deps: LinkDeps;
  readonly #device: SignedIn;

  constructor(target: DeviceTarget, deps: LinkDeps) {
    this.route = routeOf(target);
    this.tellsSent = deps.upload !== undefined;
    this.#target = target;
    this.#deps = deps;
    this.#device = new SignedIn(target, deps, this.traits, { asOwnPage: false });
  }

  async identify(options: RequestOptions): Promise<DeviceIdentity> {
    const answer = await this.#device.ask({ kind: 'identify', method: 'GET', route: INFO }, options);
    const identity = readInfo(answer);
    if (identity === null) throw new UpdateError('garbled', { status: answer.status });
    return identity;
  }

  /** Only signs in: nothing has to be begun. */
  async prepare(options: RequestOptions): Promise<void> {
    await this.identify(options);
  }

  async upload(image: Uint8Array<ArrayBuffer>, options: UploadOptions): Promise<UploadAnswer> {
    const body = {
      ...{ url: deviceUrl(this.#target, OTA), path: OTA, contentType: 'application/octet-stream' },
      ...{ before: [], file: image, after: [], headers: this.#device.headersFor('POST', OTA) },
    };
    return readUpload(await uploadBody(body, options, this.#deps), image.length);
  }

  async restart(options: RequestOptions): Promise<void> {
    const answer = await this.#device.ask({ kind: 'prepare', method: 'POST', route: '/api/reboot' }, options);
    if (!saysReboot(answer)) throw new UpdateError(codeOfPage(answer.status, answer.html), { status: answer.status });
  }
}
