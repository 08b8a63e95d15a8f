/**
 * Speaks to a Tasmota device, for a host, since no browser page can read its answers. Source: Tasmota 15.2,
 * `xdrv_01_9_webserver.ino`.
 */
import type { Route } from '../../model/device/device.ts';
import { TRAITS } from '../../model/device/dialect.ts';
import type { DeviceIdentity } from '../../model/device/identity.ts';
import type { RequestOptions } from '../../model/device/link.ts';
import type { UploadAnswer, UploadOptions, WholeImageLink } from '../../model/device/whole-image-link.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import type { LinkDeps } from '../link-deps.ts';
import { send, type RequestDeps } from '../request.ts';
import { deviceUrl, routeOf, secretsOf, type DeviceTarget } from '../target.ts';
import { SignedIn } from '../whole-image/signed-in.ts';
import { uploadForm } from '../whole-image/upload.ts';
import { errorOfPage, readUpgradePage, readUpload } from './pages.ts';
import { readServer, readStatus, STATUS } from './status.ts';

/** The challenge of its pages. Its commands refuse without a challenge, and take the same login. */
const ASKS_FOR = 'Basic realm="Tasmota"';

/**
 * The device has begun to read an upload of which more than this was handed over: no connection buffers so much. Only
 * then is there an error to clear; without one the same request would restart the device.
 */
const SURELY_BEGUN_BYTES = 256 * 1024;

/**
 * Asks whatever is there, without a password, and as its own page would, since some devices answer only that. Null:
 * something else answers.
 */
export async function askTasmota(
  target: DeviceTarget,
  options: RequestOptions,
  deps: RequestDeps,
): Promise<DeviceIdentity | null> {
  const question = { kind: 'identify', method: 'GET', route: STATUS, atRoot: true } as const;
  const headers = { origin: target.origin, referer: `${target.origin}/` };
  const answer = await send(target, { ...question, headers, credentials: 'none', anyAnswer: true }, options, deps);
  if (answer.status === 401) return readServer(answer.server);
  return answer.status === 200 ? readStatus(answer.json, answer.server) : null;
}

export class TasmotaLink implements WholeImageLink {
  readonly dialect = 'tasmota';
  readonly traits = TRAITS.tasmota;
  readonly certain = true;
  readonly route: Route;
  readonly tellsSent: boolean;
  readonly #target: DeviceTarget;
  readonly #deps: LinkDeps;
  readonly #device: SignedIn;
  /** Bytes that were sent of an upload that broke off, while its error is still on the device. */
  #brokeOffAt = 0;
  #wasRefused = false;
  #standsAside = false;

  constructor(target: DeviceTarget, deps: LinkDeps) {
    this.route = routeOf(target);
    this.tellsSent = deps.upload !== undefined;
    this.#target = target;
    this.#deps = deps;
    this.#device = new SignedIn(target, deps, this.traits, { asOwnPage: true, asksFor: ASKS_FOR });
  }

  async identify(options: RequestOptions): Promise<DeviceIdentity> {
    const answer = await this.#device.ask({ kind: 'identify', method: 'GET', route: STATUS }, options);
    const identity = answer.status === 200 ? readStatus(answer.json, answer.server) : null;
    if (identity === null) throw new UpdateError('garbled');
    return identity;
  }

  async prepare(options: RequestOptions): Promise<void> {
    if (this.#brokeOffAt > SURELY_BEGUN_BYTES) {
      this.#brokeOffAt = 0;
      await this.#ask('/u3', options);
    }
    // This also undoes a look at another form, which leaves the device waiting for another kind of file.
    const answer = await this.#ask('/up', options);
    const page = readUpgradePage(answer);
    if (page === null) throw errorOfPage(answer);
    this.#standsAside = page.standsAside;
  }

  async standAside(options: RequestOptions): Promise<'ready' | 'restarting'> {
    if (!this.#standsAside) return 'ready';
    try {
      const answer = await this.#ask('/u4?u4=fct&api=', options);
      if (answer.status === 404 || /^(true|none)$/.test(answer.text.trim())) return 'ready';
      if (answer.status !== 200) throw errorOfPage(answer);
      // "false": it restarts. With any other answer that one may have been held back.
      return 'restarting';
    } catch (error) {
      // The restart may cut off its answer. Whether it restarts is seen later.
      if (!(error instanceof UpdateError) || error.status !== null || options.signal.aborted) throw error;
      return 'restarting';
    }
  }

  async takeBack(options: RequestOptions): Promise<void> {
    const { text } = await this.#ask('/u4?u4=ota&api=', options);
    // "true": its firmware runs, since it has not restarted yet.
    if (text.trim() !== 'false') throw new UpdateError('busy');
  }

  async upload(image: Uint8Array<ArrayBuffer>, options: UploadOptions): Promise<UploadAnswer> {
    const path = `/u2?fsz=${image.length}`;
    const form = {
      ...{ url: deviceUrl(this.#target, path), path: '/u2', field: 'u2', file: image, fields: [] },
      headers: this.#device.headersFor('POST', path),
    };
    let sent = 0;
    const onSent = (bytes: number): void => {
      sent = bytes;
      options.onSent(bytes);
    };
    try {
      const answer = await uploadForm(form, { ...options, onSent }, this.#deps);
      this.#brokeOffAt = 0;
      const wasRefused = this.#wasRefused;
      this.#wasRefused = true;
      return readUpload(answer, secretsOf(this.#target), wasRefused);
    } catch (error) {
      if (error instanceof UpdateError && error.status === null) {
        this.#brokeOffAt = sent;
        this.#wasRefused = false;
      }
      throw error;
    }
  }

  async restart(options: RequestOptions): Promise<void> {
    const answer = await this.#ask('/cm?cmnd=Restart%201', options);
    if (answer.status !== 200) throw errorOfPage(answer);
  }

  #ask(route: string, options: RequestOptions) {
    return this.#device.ask({ kind: 'prepare', method: 'GET', route }, options);
  }
}
