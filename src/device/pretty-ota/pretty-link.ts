/**
 * Speaks to a device with PrettyOTA, for a host: its sessions are in a cookie. It checks an image against its MD5, and
 * restarts by itself. Source: PrettyOTA `PrettyOTA.cpp`, 1.1.3.
 */
import type { Route } from '../../model/device/device.ts';
import { TRAITS } from '../../model/device/dialect.ts';
import type { DeviceIdentity } from '../../model/device/identity.ts';
import type { RequestOptions } from '../../model/device/link.ts';
import type { UploadAnswer, UploadOptions, WholeImageLink } from '../../model/device/whole-image-link.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import type { Answer } from '../answer.ts';
import { md5Hex } from '../form/md5.ts';
import type { LinkDeps } from '../link-deps.ts';
import { send, type RequestDeps } from '../request.ts';
import { deviceUrl, loginFor, routeOf, secretsOf, type DeviceTarget } from '../target.ts';
import { uploadForm } from '../whole-image/upload.ts';
import { ABOUT, PrettySession, type Sessions } from './sessions.ts';
import { errorOf, readAbout, readInfo, readUpload } from './answers.ts';

const INFO = '/prettyota/queryInfo';
const UPLOAD = '/prettyota/upload';

/**
 * Sent to end a half upload: the device checks everything that came against the MD5 that the half was begun with, and
 * throws it away. It is longer than the 16 bytes that the device holds back, and does not begin like an image.
 */
const NO_IMAGE = new Uint8Array(64);
/** The MD5 of no file. */
const NO_HASH = '0'.repeat(32);

/** For errors of a clean-up, which must not replace what the device said of the upload. */
function onlyUpdateErrors(error: unknown): void {
  if (!(error instanceof UpdateError)) throw error;
}

/** Asks whatever is there, without a secret. Null: something else answers. */
export async function findPretty(
  target: DeviceTarget,
  options: RequestOptions,
  deps: RequestDeps,
): Promise<DeviceIdentity | null> {
  const question = { kind: 'identify', method: 'GET', route: ABOUT, atRoot: true } as const;
  return readAbout(await send(target, { ...question, credentials: 'none', anyAnswer: true }, options, deps));
}

export class PrettyLink implements WholeImageLink {
  readonly dialect = 'pretty-ota';
  readonly traits = TRAITS['pretty-ota'];
  readonly certain = true;
  readonly route: Route;
  readonly tellsSent: boolean;
  readonly #target: DeviceTarget;
  readonly #deps: LinkDeps;
  readonly #session: PrettySession;

  constructor(target: DeviceTarget, deps: LinkDeps, sessions: Sessions) {
    this.route = routeOf(target);
    this.tellsSent = deps.upload !== undefined;
    this.#target = target;
    this.#deps = deps;
    this.#session = new PrettySession(target, deps, loginFor(target, this.traits), sessions);
  }

  async identify(options: RequestOptions): Promise<DeviceIdentity> {
    const answer = await this.#session.ask({ kind: 'identify', method: 'GET', route: INFO }, options);
    const identity = readInfo(answer);
    if (identity === null) throw new UpdateError('garbled', { status: answer.status });
    return identity;
  }

  /**
   * Asks with the session, which its start and its upload want, too. Nothing is started here, since it would have to be
   * ended.
   */
  async prepare(options: RequestOptions): Promise<void> {
    await this.identify(options);
  }

  async upload(image: Uint8Array<ArrayBuffer>, options: UploadOptions): Promise<UploadAnswer> {
    const secrets = secretsOf(this.#target);
    const started = await this.#start(md5Hex(image), true, options);
    if (started.status !== 200 || started.text.trim() !== '') throw errorOf(started, secrets);
    let sent = 0;
    const onSent = (bytes: number): void => {
      sent = bytes;
      options.onSent(bytes);
    };
    const answer = await this.#send(image, { ...options, onSent });
    try {
      return readUpload(answer, secrets);
    } finally {
      // The device judges an upload once it is whole. Older web servers answer with an error before that, and the
      // upload still counts as under way.
      const isJudged = answer.status === 200 || (answer.status === 400 && sent === image.length);
      if (!isJudged) await this.release(options).catch(onlyUpdateErrors);
    }
  }

  /**
   * Begins an update where none is under way, and ends the one that is by an upload that is not an image. Without a
   * start the device would accept whatever comes, and restart.
   */
  async release(options: RequestOptions): Promise<void> {
    const secrets = secretsOf(this.#target);
    const started = await this.#start(NO_HASH, false, options);
    if (started.status !== 200 && started.status !== 400) throw errorOf(started, secrets);
    const ended = await this.#send(NO_IMAGE, { ...options, onSent: () => undefined });
    // A “yes” comes where no hash was checked: the upload has ended all the same.
    if (ended.status !== 200 && ended.status !== 400) throw errorOf(ended, secrets);
  }

  /** It has such a request, but refuses it while there is a half upload. */
  restart(): Promise<void> {
    return Promise.reject(new UpdateError('unsupported'));
  }

  #start(hash: string, restarts: boolean, options: RequestOptions): Promise<Answer> {
    const route = `/prettyota/start?mode=fw&reboot=${restarts}&hash=${hash}`;
    return this.#session.ask({ kind: 'begin', method: 'GET', route }, options);
  }

  #send(file: Uint8Array<ArrayBuffer>, options: RequestOptions & Pick<UploadOptions, 'onSent'>): Promise<Answer> {
    const form = {
      ...{ url: deviceUrl(this.#target, UPLOAD), path: UPLOAD, field: 'file', file, fields: [] },
      headers: this.#session.headers,
    };
    return uploadForm(form, options, this.#deps);
  }
}
