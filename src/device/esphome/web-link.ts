/**
 * Speaks to the web server of an ESPHome device, where that takes updates. The device tells what it is by its API and
 * by mDNS, so that only a host can speak to it.
 */
import { TRAITS } from '../../model/device/dialect.ts';
import type { Route } from '../../model/device/device.ts';
import { type DeviceIdentity, isOlder } from '../../model/device/identity.ts';
import type { RequestOptions } from '../../model/device/link.ts';
import type { UploadAnswer, UploadOptions, WholeImageLink } from '../../model/device/whole-image-link.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import type { LinkDeps } from '../link-deps.ts';
import { portOf } from '../raw-exchange.ts';
import { supervised } from '../supervision.ts';
import { deviceUrl, routeOf, type DeviceTarget } from '../target.ts';
import { SignedIn } from '../whole-image/signed-in.ts';
import { uploadForm } from '../whole-image/upload.ts';
import { identityOf } from './identity.ts';
import { askTold, type Told, toldOfPage } from './told.ts';
import { askEvents, type EventsAnswer, type FirstEvent } from './web-events.ts';
import { readWebAnswer } from './web-answer.ts';

const UPDATE = '/update';
const EVENTS = '/events';
/**
 * Since the first version a half upload stays, and the next one is appended to it; since the second it is thrown away
 * (esphome#15710, #15720).
 */
const KEEPS_HALF_FROM = [2025, 7, 0] as const;
const CLEANS_UP_FROM = [2026, 4, 0] as const;

export class EsphomeWebLink implements WholeImageLink {
  readonly dialect = 'esphome-web';
  readonly traits = TRAITS['esphome-web'];
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

  /** @param told what it tells outside of its page, where that was asked for already */
  async identify(
    options: RequestOptions,
    told: Promise<Told> = askTold(this.#target.origin, this.#deps, options),
  ): Promise<DeviceIdentity> {
    const [event, beside] = await Promise.all([this.#firstEvent(options), told]);
    const { api, announced } = toldOfPage(event.title, beside);
    const identity = identityOf(api, announced);
    const { version } = identity;
    return {
      ...identity,
      name: identity.name ?? event.title,
      uptimeMs: event.uptimeMs,
      takesUpdates: event.ota,
      keepsHalf: version === null || (!isOlder(version, KEEPS_HALF_FROM) && isOlder(version, CLEANS_UP_FROM)),
    };
  }

  /** Signs in at its page. Only the upload shows whether it takes updates. */
  async prepare(options: RequestOptions): Promise<void> {
    await this.#askPage(options);
  }

  async upload(image: Uint8Array<ArrayBuffer>, options: UploadOptions): Promise<UploadAnswer> {
    const headers = this.#signedIn.headersFor('POST', UPDATE);
    const form = {
      url: deviceUrl(this.#target, UPDATE),
      path: UPDATE,
      fields: [],
      field: 'update',
      file: image,
      headers,
    };
    return readWebAnswer(await uploadForm(form, options, this.#deps));
  }

  /** It has no such request: a person has to switch its power off and on. */
  restart(): Promise<void> {
    return Promise.reject(new UpdateError('unsupported'));
  }

  async #firstEvent(options: RequestOptions): Promise<FirstEvent> {
    const first = await this.#askEvents(options);
    if (first.kind === 'told') return first.event;
    if (first.kind === 'other') throw new UpdateError('garbled');
    // It asks for a login there as at its page, where the challenge can be read.
    await this.#askPage(options);
    const second = await this.#askEvents(options);
    if (second.kind === 'told') return second.event;
    throw new UpdateError(second.kind === 'unauthorised' ? 'unauthorised' : 'garbled');
  }

  async #askPage(options: RequestOptions): Promise<void> {
    const answer = await this.#signedIn.ask({ kind: 'prepare', method: 'GET', route: '/' }, options);
    if (answer.status !== 200) readWebAnswer(answer);
  }

  async #askEvents(options: RequestOptions): Promise<EventsAnswer> {
    const { raw, clock } = this.#deps;
    if (raw === undefined) throw new UpdateError('needs-host');
    const { host } = new URL(this.#target.origin);
    const authorization = this.#signedIn.headersFor('GET', EVENTS)['authorization'] ?? null;
    try {
      return await supervised(options, clock, async (watch) => {
        const connection = await watch.race(
          raw.connect(this.#target.origin, portOf(this.#target.origin), watch.signal),
        );
        try {
          return await watch.race(askEvents(connection, host, authorization));
        } finally {
          connection.close();
        }
      });
    } catch (error) {
      throw error instanceof UpdateError ? error : new UpdateError('unreachable', { cause: error });
    }
  }
}
