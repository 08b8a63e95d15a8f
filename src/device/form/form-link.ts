/**
 * Speaks to a device that takes firmware by an HTML form: Arduino's HTTPUpdateServer on both chips, ESPEasy, ElegantOTA
 * 2, and forms that people make themselves. Nearly all of them tell nothing of what they run. Sources:
 * docs/protocol.md.
 */
import type { Route } from '../../model/device/device.ts';
import { TRAITS } from '../../model/device/dialect.ts';
import type { DeviceIdentity } from '../../model/device/identity.ts';
import type { RequestOptions } from '../../model/device/link.ts';
import type { UploadAnswer, UploadOptions, WholeImageLink } from '../../model/device/whole-image-link.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import type { LinkDeps } from '../link-deps.ts';
import { runsInSecureContext } from '../device-request.ts';
import { probe } from '../request.ts';
import { deviceUrl, isByGateway, needsLocalAddressSpace, routeOf, secretsOf, type DeviceTarget } from '../target.ts';
import { SignedIn } from '../whole-image/signed-in.ts';
import { uploadForm } from '../whole-image/upload.ts';
import { readFormAnswer } from './answers.ts';
import { askPage } from './ask-page.ts';
import { readEspeasy } from './espeasy.ts';
import { type FormPage, UPDATE } from './form-page.ts';
import { md5Hex } from './md5.ts';
import { nothingTold } from './nothing-told.ts';

/** The product of a device of which nothing is known but its page. */
const MADE: Readonly<Record<FormPage['made'], string>> = {
  'update-server': 'Arduino',
  'elegant-2': 'ElegantOTA',
  'elegant-3': 'ElegantOTA',
  plain: 'Sketch',
};

/**
 * Stands for a form that a browser page may not read. Such devices take firmware from any field, except one for a file
 * system.
 */
const UNREAD: FormPage = { made: 'plain', field: 'firmware' };

export class FormLink implements WholeImageLink {
  readonly dialect = 'form';
  readonly traits = TRAITS.form;
  readonly certain = true;
  readonly route: Route;
  readonly tellsSent: boolean;
  readonly #target: DeviceTarget;
  readonly #deps: LinkDeps;
  readonly #toPlainName: boolean;
  readonly #signedIn: SignedIn;
  #page: FormPage | null = null;
  /** Null: it was not asked yet. */
  #isEspeasy: boolean | null = null;

  constructor(target: DeviceTarget, deps: LinkDeps) {
    this.route = routeOf(target);
    this.#toPlainName = needsLocalAddressSpace(target, deps.secureContext ?? runsInSecureContext());
    this.tellsSent = deps.upload !== undefined && !this.#toPlainName;
    this.#target = target;
    this.#deps = deps;
    this.#signedIn = new SignedIn(target, deps, this.traits, { asOwnPage: deps.onHost !== undefined });
  }

  async identify(options: RequestOptions): Promise<DeviceIdentity> {
    if (this.#isEspeasy === true) {
      const { status, identity } = await this.#askEspeasy(options);
      if (identity !== null) return identity;
      // Only other firmware lacks this route: an answer that cannot be read does not mean another device.
      if (status !== 404) throw new UpdateError('garbled', { status });
    }
    const page = (this.#page = await this.#askPage(options));
    if (page.made === 'update-server' && this.#isEspeasy === null) {
      const { identity } = await this.#askEspeasy(options);
      this.#isEspeasy = identity !== null;
      if (identity !== null) return identity;
    }
    return nothingTold(MADE[page.made], page.made !== 'update-server');
  }

  /** The device refuses its page for most of what it would refuse an upload for. */
  async prepare(options: RequestOptions): Promise<void> {
    if (this.#isPage) {
      // Any device takes a form, which needs no preflight; but a page can read no answer.
      if (isByGateway(this.#target) || !this.tellsSent) throw new UpdateError('needs-host');
      return;
    }
    this.#page = await this.#askPage(options);
  }

  async upload(image: Uint8Array<ArrayBuffer>, options: UploadOptions): Promise<UploadAnswer> {
    const { made, field } = this.#page ?? (await this.#askPage(options));
    const sent = { bytes: 0 };
    const form = {
      ...{ url: deviceUrl(this.#target, UPDATE), path: UPDATE, field, file: image },
      ...{ toPlainName: this.#toPlainName, headers: this.#signedIn.headersFor('POST', UPDATE) },
      fields: made === 'elegant-2' ? [['MD5', md5Hex(image)] as const] : [],
    };
    const onSent = (bytes: number): void => {
      sent.bytes = bytes;
      options.onSent(bytes);
    };
    try {
      return readFormAnswer(await uploadForm(form, { ...options, onSent }, this.#deps), secretsOf(this.#target));
    } catch (error) {
      throw sent.bytes === 0 && (await this.#isKeptFromPage(error, options)) ? new UpdateError('needs-host') : error;
    }
  }

  restart(): Promise<void> {
    return Promise.reject(new UpdateError('unsupported'));
  }

  get #isPage(): boolean {
    return this.#deps.onHost === undefined;
  }

  async #askPage(options: RequestOptions): Promise<FormPage> {
    try {
      const { page, answer } = await askPage(this.#signedIn, options);
      // A page of ElegantOTA 3 belongs to another dialect, which the person did not choose.
      if (page === null || page.made === 'elegant-3') throw new UpdateError('garbled', { status: answer.status });
      return page;
    } catch (error) {
      // Most of them let no browser page read theirs, so that only their presence shows.
      if (!(await this.#isKeptFromPage(error, options))) throw error;
      return UNREAD;
    }
  }

  /** Whether it is there, though a page gets no answer that it may read. */
  async #isKeptFromPage(error: unknown, options: RequestOptions): Promise<boolean> {
    if (!this.#isPage || isByGateway(this.#target)) return false;
    if (!(error instanceof UpdateError) || error.code !== 'unreachable') return false;
    return probe(this.#target, options, this.#deps);
  }

  async #askEspeasy(
    options: RequestOptions,
  ): Promise<{ readonly status: number; readonly identity: DeviceIdentity | null }> {
    const { status, json } = await this.#signedIn.ask({ kind: 'identify', method: 'GET', route: '/json' }, options);
    return { status, identity: status === 200 ? readEspeasy(json) : null };
  }
}
