/** Speaks to an ESPHome device by its own update protocol, over TCP without HTTP, so that only a host can. */
import { TRAITS } from '../../model/device/dialect.ts';
import type { Route } from '../../model/device/device.ts';
import type { DeviceIdentity } from '../../model/device/identity.ts';
import type { RequestOptions } from '../../model/device/link.ts';
import type { RawConnection } from '../../model/device/raw-connection.ts';
import type { RequestRecord } from '../../model/device/request-record.ts';
import type { UploadAnswer, UploadOptions, WholeImageLink } from '../../model/device/whole-image-link.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import type { LinkDeps } from '../link-deps.ts';
import { portOf, recordedExchange } from '../raw-exchange.ts';
import type { Watch } from '../supervision.ts';
import { routeOf, type DeviceTarget } from '../target.ts';
import { identityOf } from './identity.ts';
import { greet, upload } from './ota-wire.ts';
import { askTold, toldIdentity } from './told.ts';

export class EsphomeLink implements WholeImageLink {
  readonly dialect = 'esphome';
  readonly traits = TRAITS.esphome;
  readonly certain = true;
  readonly route: Route;
  readonly tellsSent = true;
  readonly #target: DeviceTarget;
  readonly #deps: LinkDeps;
  #acknowledges = true;

  constructor(target: DeviceTarget, deps: LinkDeps) {
    this.route = routeOf(target);
    this.#target = target;
    this.#deps = deps;
  }

  get tellsWritten(): boolean {
    return this.#acknowledges;
  }

  /**
   * Asks its API and what it announces. Where both tell nothing, it is greeted at its port for updates, which older
   * versions count as a failed update.
   */
  identify(options: RequestOptions): Promise<DeviceIdentity> {
    return this.#recorded('identify', options, async ({ signal }) => {
      const told = toldIdentity(await askTold(this.#target.origin, this.#deps, { ...options, signal }));
      if (told !== null) return told;
      const connection = await this.#connect(this.#port, signal);
      try {
        if ((await greet(connection)) === null) throw new UpdateError('garbled');
      } finally {
        connection.close();
      }
      return identityOf(null, null);
    });
  }

  /** Does nothing: the device refuses an update in the upload itself, before a byte of the image is sent. */
  prepare(): Promise<void> {
    return Promise.resolve();
  }

  async upload(image: Uint8Array<ArrayBuffer>, options: UploadOptions): Promise<UploadAnswer> {
    return this.#recorded('write', options, async ({ signal, sign }) => {
      const connection = await this.#connect(this.#port, signal);
      try {
        return await upload(connection, {
          ...{ image, password: this.#target.token, onSign: sign },
          onBegin: (acknowledges) => {
            this.#acknowledges = acknowledges;
            sign();
          },
          onBytes: (bytes) => {
            sign();
            options.onSent(bytes);
          },
        });
      } finally {
        connection.close();
      }
    });
  }

  /** It has no such request, and keeps no half upload that would need one. */
  restart(): Promise<void> {
    return Promise.reject(new UpdateError('unsupported'));
  }

  get #port(): number {
    return portOf(this.#target.origin);
  }

  #connect(port: number, signal: AbortSignal): Promise<RawConnection> {
    const { raw } = this.#deps;
    if (raw === undefined) return Promise.reject(new UpdateError('needs-host'));
    return raw.connect(this.#target.origin, port, signal);
  }

  #recorded<T>(
    kind: RequestRecord['kind'],
    options: RequestOptions,
    work: (watch: Pick<Watch, 'signal' | 'sign'>) => Promise<T>,
  ): Promise<T> {
    return recordedExchange(this.#deps, { kind, method: 'TCP', port: this.#port }, options, work);
  }
}
