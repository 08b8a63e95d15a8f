/**
 * Speaks to a device with PrettyOTA, for a host: it is signed in to by a cookie. It holds an image against its MD5, and
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
import { send, type World } from '../request.ts';
import { deviceUrl, loginFor, routeOf, secretsOf, type DeviceTarget } from '../target.ts';
import { uploadForm } from '../whole-image/upload.ts';
import { ABOUT, PrettySession, type Sessions } from './sessions.ts';
import { errorOf, readAbout, readInfo, readUpload } from './told.ts';

const INFO = '/prettyota/queryInfo';
const UPLOAD = '/prettyota/upload';

/**
 * What ends a half upload: the device holds all that came against the MD5 that the half was begun with, and throws it away. It is
 * more than the 16 bytes that it keeps back of an image, and its first byte begins none.
 */
const NO_IMAGE = new Uint8Array(64);
/** Of no file that anybody has. */
const NO_HASH = '0'.repeat(32);

/** What it said of the upload counts. */
function onlyUpdateErrors(error: unknown): void {
  if (!(error instanceof UpdateError)) throw error;
}

/** Asks whoever is there, without a secret. Null: it answers, and is another device. */
export async function findPretty(
  target: DeviceTarget,
  options: RequestOptions,
  world: World,
): Promise<DeviceIdentity | null> {
  const question = { kind: 'identify', method: 'GET', route: ABOUT, atRoot: true } as const;
  return readAbout(await send(target, { ...question, credentials: 'none', anyAnswer: true }, options, world));
}

export class PrettyLink implements WholeImageLink {
  readonly dialect = 'pretty-ota';
  readonly traits = TRAITS['pretty-ota'];
  readonly certain = true;
  readonly route: Route;
  readonly tellsSent: boolean;
  readonly #target: DeviceTarget;
  readonly #world: LinkDeps;
  readonly #session: PrettySession;

  constructor(target: DeviceTarget, world: LinkDeps, sessions: Sessions) {
    this.route = routeOf(target);
    this.tellsSent = world.upload !== undefined;
    this.#target = target;
    this.#world = world;
    this.#session = new PrettySession(target, world, loginFor(target, this.traits), sessions);
  }

  async identify(options: RequestOptions): Promise<DeviceIdentity> {
    const answer = await this.#session.ask({ kind: 'identify', method: 'GET', route: INFO }, options);
    const identity = readInfo(answer);
    if (identity === null) throw new UpdateError('garbled', { status: answer.status });
    return identity;
  }

  /** Asked with the session, which its start and its upload want, too. What is started here would have to be ended. */
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
      // It judges what has come as a whole. Older web servers answer an error before that, and it counts as one that is under way.
      const isJudged = answer.status === 200 || (answer.status === 400 && sent === image.length);
      if (!isJudged) await this.release(options).catch(onlyUpdateErrors);
    }
  }

  /**
   * Begins an update where none is under way, and ends what is with an upload that is no image. Without a start the device
   * takes whatever comes for a yes, and restarts.
   */
  async release(options: RequestOptions): Promise<void> {
    const secrets = secretsOf(this.#target);
    const started = await this.#start(NO_HASH, false, options);
    if (started.status !== 200 && started.status !== 400) throw errorOf(started, secrets);
    const ended = await this.#send(NO_IMAGE, { ...options, onSent: () => undefined });
    // A yes is to what no hash spoke against: it has ended all the same.
    if (ended.status !== 200 && ended.status !== 400) throw errorOf(ended, secrets);
  }

  /** It has such a request, and refuses it while there is a half. */
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
    return uploadForm(form, options, this.#world);
  }
}
