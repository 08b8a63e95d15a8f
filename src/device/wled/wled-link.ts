/** Speaks to a WLED lamp. Source: WLED `wled_server.cpp`, `ota_update.cpp`, of v0.15.1 and of 16. */
import type { Route } from '../../model/device/device.ts';
import { TRAITS } from '../../model/device/dialect.ts';
import type { DeviceIdentity } from '../../model/device/identity.ts';
import type { RequestOptions } from '../../model/device/link.ts';
import type { UploadAnswer, UploadOptions, WholeImageLink } from '../../model/device/whole-image-link.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import type { Answer } from '../answer.ts';
import { type DeviceRequest, runsInSecureContext } from '../device-request.ts';
import { send, type RequestDeps } from '../request.ts';
import { deviceUrl, isByGateway, needsLocalAddressSpace, routeOf, secretsOf, type DeviceTarget } from '../target.ts';
import { uploadForm } from '../whole-image/upload.ts';
import type { Upload } from '../../model/device/upload.ts';
import { errorOfPage, readUpload, saysLocked } from './pages.ts';
import { readInfo } from './info.ts';

const UPDATE = '/update';
/** After a wrong PIN the lamp ignores every other one for 3 s. */
const PIN_COOLDOWN_MS = 3_500;

/** A request to a lamp: at its root, and without a header for a secret. */
type Question = Pick<DeviceRequest, 'kind' | 'method' | 'route' | 'body'>;

/** Asks whatever is there. Null: something else answers. */
export async function askInfo(
  target: DeviceTarget,
  options: RequestOptions,
  deps: RequestDeps,
): Promise<DeviceIdentity | null> {
  const question = { kind: 'identify', method: 'GET', route: '/json/info' } as const;
  const answer = await send(target, { ...question, atRoot: true, credentials: 'none', anyAnswer: true }, options, deps);
  return answer.status === 200 ? readInfo(answer.json) : null;
}

export class WledLink implements WholeImageLink {
  readonly dialect = 'wled';
  readonly traits = TRAITS.wled;
  readonly certain = true;
  readonly route: Route;
  readonly tellsSent: boolean;
  readonly #target: DeviceTarget;
  readonly #toPlainName: boolean;
  readonly #deps: RequestDeps & { readonly upload?: Upload };

  constructor(target: DeviceTarget, deps: RequestDeps & { readonly upload?: Upload }) {
    this.route = routeOf(target);
    this.#toPlainName = needsLocalAddressSpace(target, deps.secureContext ?? runsInSecureContext());
    this.tellsSent = deps.upload !== undefined && !this.#toPlainName;
    this.#target = target;
    this.#deps = deps;
  }

  async identify(options: RequestOptions): Promise<DeviceIdentity> {
    const identity = await askInfo(this.#target, options, this.#deps);
    if (identity === null) throw new UpdateError('garbled');
    return identity;
  }

  /** The page for updates tells beforehand, in a few hundred bytes, why the upload would be refused. */
  async prepare(options: RequestOptions): Promise<void> {
    // The host itself can send a whole image; its gateway, which pages use, cannot.
    if (isByGateway(this.#target) && this.#deps.upload === undefined) throw new UpdateError('needs-host');
    const before = await this.#page(options);
    if (before.status === 200) return;
    const pin = this.#target.token;
    if (before.status !== 401 || saysLocked(before) || pin === '') throw this.#refusal(before);
    // The PIN unlocks the lamp for everybody, so it is sent only where the lamp asks for it.
    for (const waitMs of [0, PIN_COOLDOWN_MS]) {
      if (waitMs > 0) await this.#deps.clock.sleep(waitMs, options.signal).catch(() => undefined);
      if (options.signal.aborted) throw new UpdateError('aborted');
      const body = JSON.stringify({ pin });
      await this.#ask({ kind: 'prepare', method: 'POST', route: '/json/state', body }, options);
      const after = await this.#page(options);
      if (after.status === 200) return;
      if (after.status !== 401 || saysLocked(after)) throw this.#refusal(after);
    }
    throw this.#refusal(before);
  }

  async upload(image: Uint8Array<ArrayBuffer>, options: UploadOptions): Promise<UploadAnswer> {
    const form = {
      ...{ url: deviceUrl(this.#target, UPDATE), path: UPDATE, field: 'update', file: image },
      toPlainName: this.#toPlainName,
      fields: options.withoutCheck ? ([['skipValidation', '1']] as const) : [],
    };
    return readUpload(await uploadForm(form, options, this.#deps), secretsOf(this.#target));
  }

  async restart(options: RequestOptions): Promise<void> {
    const answer = await this.#ask({ kind: 'restart', method: 'GET', route: '/reset' }, options);
    if (answer.status !== 200) throw this.#refusal(answer);
  }

  #page(options: RequestOptions): Promise<Answer> {
    return this.#ask({ kind: 'prepare', method: 'GET', route: UPDATE }, options);
  }

  #ask(question: Question, options: RequestOptions): Promise<Answer> {
    const request = { ...question, atRoot: true, credentials: 'none', anyAnswer: true } as const;
    return send(this.#target, request, options, this.#deps);
  }

  #refusal(answer: Answer): UpdateError {
    return errorOfPage(answer, secretsOf(this.#target));
  }
}
