/**
 * Speaks to a device with ElegantOTA 3. It tells nothing of what it runs, and appends the next upload to one that broke
 * off. Source: `ElegantOTA.cpp` 3.1.7.
 */
import { TRAITS } from '../../model/device/dialect.ts';
import type { DeviceIdentity } from '../../model/device/identity.ts';
import type { RequestOptions } from '../../model/device/link.ts';
import type { UploadAnswer, UploadOptions, WholeImageLink } from '../../model/device/whole-image-link.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import type { LinkDeps } from '../link-deps.ts';
import { deviceUrl, routeOf, secretsOf, type DeviceTarget } from '../target.ts';
import { SignedIn } from '../whole-image/signed-in.ts';
import { uploadForm } from '../whole-image/upload.ts';
import { errorOfForm, readFormAnswer } from './answers.ts';
import { askPage } from './ask-page.ts';
import { md5Hex } from './md5.ts';
import { nothingTold } from './nothing-told.ts';
import type { Route } from '../../model/device/device.ts';

const UPLOAD = '/ota/upload';

export class ElegantLink implements WholeImageLink {
  readonly dialect = 'elegant-ota';
  readonly traits = TRAITS['elegant-ota'];
  readonly certain = true;
  readonly route: Route;
  readonly tellsSent: boolean;
  readonly #target: DeviceTarget;
  readonly #deps: LinkDeps;
  readonly #signedIn: SignedIn;

  constructor(target: DeviceTarget, deps: LinkDeps) {
    this.route = routeOf(target);
    this.tellsSent = deps.upload !== undefined;
    this.#target = target;
    this.#deps = deps;
    this.#signedIn = new SignedIn(target, deps, this.traits, { asOwnPage: false });
  }

  async identify(options: RequestOptions): Promise<DeviceIdentity> {
    const { page, answer } = await askPage(this.#signedIn, options);
    if (page?.made !== 'elegant-3') throw new UpdateError('garbled', { status: answer.status });
    return nothingTold('ElegantOTA', true);
  }

  /** Asks with the login, which its other routes want, too. */
  async prepare(options: RequestOptions): Promise<void> {
    await this.identify(options);
  }

  /**
   * Begins with the start request: without it an upload has no effect and is still answered with “OK”. After an upload
   * that broke off the start is answered with “OK”, too, though nothing was begun; only then does the device check the
   * hash, which it ignores otherwise.
   */
  async upload(image: Uint8Array<ArrayBuffer>, options: UploadOptions): Promise<UploadAnswer> {
    const secrets = secretsOf(this.#target);
    const route = `/ota/start?mode=fr&hash=${md5Hex(image)}`;
    const started = await this.#signedIn.ask({ kind: 'begin', method: 'GET', route }, options);
    if (started.status !== 200 || started.text.trim() !== 'OK')
      throw errorOfForm(started, secrets, started.status !== 200);
    const form = {
      ...{ url: deviceUrl(this.#target, UPLOAD), path: UPLOAD, field: 'file', file: image, fields: [] },
      headers: this.#signedIn.headersFor('POST', UPLOAD),
    };
    return readFormAnswer(await uploadForm(form, options, this.#deps), secrets);
  }

  restart(): Promise<void> {
    return Promise.reject(new UpdateError('unsupported'));
  }
}
