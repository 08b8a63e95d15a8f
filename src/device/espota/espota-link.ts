/**
 * Speaks to an Arduino sketch with ArduinoOTA, which is invited by a datagram, and fetches the image from whoever
 * invited it. Only a host can. The device tells nothing of what it runs.
 */
import { TRAITS } from '../../model/device/dialect.ts';
import type { Route } from '../../model/device/device.ts';
import type { DeviceIdentity } from '../../model/device/identity.ts';
import type { RequestOptions } from '../../model/device/link.ts';
import type { Announced, InviteWays } from '../../model/device/raw-connection.ts';
import type { RequestRecord } from '../../model/device/request-record.ts';
import type { FoundWhole, UploadAnswer, UploadOptions, WholeImageLink } from '../../model/device/whole-image-link.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import { toldText } from '../answer.ts';
import type { LinkDeps } from '../link-deps.ts';
import { md5Hex } from '../form/md5.ts';
import { nothingTold } from '../form/nothing-told.ts';
import { portOf, recordedExchange } from '../raw-exchange.ts';
import type { Watch } from '../supervision.ts';
import { routeOf, type DeviceTarget } from '../target.ts';
import { invite } from './invite.ts';
import { transfer } from './transfer.ts';

/** The sketch that announces itself at this address. Null: none does. Rejects with `aborted` only. */
export async function findEspota(
  target: DeviceTarget,
  { raw }: LinkDeps,
  { signal }: RequestOptions,
): Promise<FoundWhole | null> {
  const told = (await raw?.announced(target.origin, signal, 'arduino').catch(() => null)) ?? null;
  if (signal.aborted) throw new UpdateError('aborted');
  if (told === null) return null;
  const { protocol, hostname } = new URL(target.origin);
  const port = /^\d{1,5}$/.test(told['port'] ?? '') ? told['port'] : TRAITS.espota.usualPort;
  return { dialect: 'espota', identity: identityOf(told), origin: `${protocol}//${hostname}:${port}` };
}

export class EspotaLink implements WholeImageLink {
  readonly dialect = 'espota';
  readonly traits = TRAITS.espota;
  readonly certain = true;
  readonly route: Route;
  readonly tellsSent = true;
  readonly tellsWritten = true;
  readonly #target: DeviceTarget;
  readonly #deps: LinkDeps;
  /** It is asked for once: what a device announces does not change meanwhile. */
  #announced: Promise<Announced | null> | null = null;

  constructor(target: DeviceTarget, deps: LinkDeps) {
    this.route = routeOf(target);
    this.#target = target;
    this.#deps = deps;
  }

  /** Whether it is there, and what it announces. It is not invited for that, since an invitation begins an update. */
  identify(options: RequestOptions): Promise<DeviceIdentity> {
    return this.#recorded('identify', options, async ({ signal }) => {
      const { origin } = this.#target;
      this.#announced ??= this.#deps.raw?.announced(origin, options.signal, 'arduino').catch(() => null) ?? null;
      const [isThere, told] = await Promise.all([this.#ways.isThere(origin, this.#port, signal), this.#announced]);
      if (!isThere) throw new UpdateError('unreachable');
      return identityOf(told);
    });
  }

  /** Does nothing: the device refuses an update when it is invited, before a byte of the image is sent. */
  prepare(): Promise<void> {
    return Promise.resolve();
  }

  async upload(image: Uint8Array<ArrayBuffer>, options: UploadOptions): Promise<UploadAnswer> {
    return this.#recorded('write', options, async ({ signal, sign }) => {
      const { origin, token } = this.#target;
      const port = this.#port;
      const listener = await this.#ways.listen(origin, port, signal);
      try {
        const connection = await invite({
          ...{ origin, port, ways: this.#ways, clock: this.#deps.clock, listener, signal, onSign: sign },
          ...{ size: image.length, md5: md5Hex(image), password: token },
        });
        return await transfer(connection, image, (bytes) => {
          sign();
          options.onSent(bytes);
        });
      } finally {
        listener.close();
      }
    });
  }

  /** It has no such request, and keeps no half upload that would need one. */
  restart(): Promise<void> {
    return Promise.reject(new UpdateError('unsupported'));
  }

  get #ways(): InviteWays {
    const ways = this.#deps.raw?.invite;
    if (ways === undefined) throw new UpdateError('needs-host');
    return ways;
  }

  get #port(): number {
    return portOf(this.#target.origin);
  }

  #recorded<T>(
    kind: RequestRecord['kind'],
    options: RequestOptions,
    work: (watch: Pick<Watch, 'signal' | 'sign'>) => Promise<T>,
  ): Promise<T> {
    return recordedExchange(this.#deps, { kind, method: 'UDP', port: this.#port }, options, work);
  }
}

/** What is known of such a device. It throws an upload away that breaks off. */
function identityOf(told: Announced | null): DeviceIdentity {
  return { ...nothingTold('Arduino', false), name: toldText(told?.['name']) };
}
