/**
 * Speaks to a device with ElegantOTA 3. It tells nothing of what it runs, and goes on with a broken upload where the next one
 * begins. Source: `ElegantOTA.cpp` 3.1.7.
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
  readonly #world: LinkDeps;
  readonly #signedIn: SignedIn;

  constructor(target: DeviceTarget, world: LinkDeps) {
    this.route = routeOf(target);
    this.tellsSent = world.upload !== undefined;
    this.#target = target;
    this.#world = world;
    this.#signedIn = new SignedIn(target, world, this.traits, { asOwnPage: false });
  }

  async identify(options: RequestOptions): Promise<DeviceIdentity> {
    const { page, answer } = await askPage(this.#signedIn, options);
    if (page?.made !== 'elegant-3') throw new UpdateError('garbled', { status: answer.status });
    return nothingTold('ElegantOTA', true);
  }

  /** Asked with the login, which its other routes want, too. */
  async prepare(options: RequestOptions): Promise<void> {
    await this.identify(options);
  }

  /**
   * Without its start an upload comes to nothing and is answered with a yes; and a start beside an upload that broke off is
   * answered with one, too, though nothing was begun: only then is the hash, that is forgotten elsewhere, held against it.
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
    return readFormAnswer(await uploadForm(form, options, this.#world), secrets);
  }

  restart(): Promise<void> {
    return Promise.reject(new UpdateError('unsupported'));
  }
}
