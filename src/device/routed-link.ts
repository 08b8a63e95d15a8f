/** The link to a device through its host's gateway, which goes on directly where the host itself is gone. */
import type { Route } from '../model/device/device.ts';
import type { ChunkedDialect } from '../model/device/dialect.ts';
import type { ChunkedTraits } from '../model/device/traits.ts';
import type {
  BeginRequest,
  DeviceLink,
  DeviceStatus,
  FinalizeRequest,
  Remark,
  RequestOptions,
} from '../model/device/link.ts';
import { UpdateError } from '../model/update/update-error.ts';
import { isHostGone } from './host-gone.ts';

/** The direct link, in the dialect of the one by the gateway, and what to call once it is used. */
export interface Direct {
  readonly link: DeviceLink;
  readonly used: () => void;
}

/**
 * Only a request for the status changes the route: the engine sends one after every doubt, and sending it twice does no
 * harm. Any other request may already have had its effect.
 */
export class RoutedLink implements DeviceLink {
  #link: DeviceLink;
  readonly #openDirect: (options: RequestOptions) => Promise<Direct>;

  constructor(byGateway: DeviceLink, openDirect: (options: RequestOptions) => Promise<Direct>) {
    this.#link = byGateway;
    this.#openDirect = openDirect;
  }

  get dialect(): ChunkedDialect {
    return this.#link.dialect;
  }

  get traits(): ChunkedTraits {
    return this.#link.traits;
  }

  get certain(): boolean {
    return this.#link.certain;
  }

  get tellsStatus(): boolean {
    return this.#link.tellsStatus;
  }

  get firstChunkBytes(): number {
    return this.#link.firstChunkBytes;
  }

  get route(): Route {
    return this.#link.route;
  }

  async status(options: RequestOptions): Promise<DeviceStatus> {
    try {
      return await this.#link.status(options);
    } catch (error) {
      if (!(error instanceof UpdateError) || !isHostGone(error) || this.route === 'direct') throw error;
      const status = await this.#goDirectly(options);
      if (status === null) throw error;
      return status;
    }
  }

  begin(request: BeginRequest, options: RequestOptions): ReturnType<DeviceLink['begin']> {
    return this.#link.begin(request, options);
  }

  write(chunk: Uint8Array<ArrayBuffer>, offset: number, options: RequestOptions): ReturnType<DeviceLink['write']> {
    return this.#link.write(chunk, offset, options);
  }

  finalize(request: FinalizeRequest, options: RequestOptions): ReturnType<DeviceLink['finalize']> {
    return this.#link.finalize(request, options);
  }

  abort(options: RequestOptions): ReturnType<DeviceLink['abort']> {
    return this.#link.abort(options);
  }

  markValid(options: RequestOptions): ReturnType<DeviceLink['markValid']> {
    return this.#link.markValid(options);
  }

  async remark(options: RequestOptions): Promise<Remark | null> {
    return (await this.#link.remark?.(options)) ?? null;
  }

  /** Null where that route does not reach the device either, or reaches one that tells no status. */
  async #goDirectly(options: RequestOptions): Promise<DeviceStatus | null> {
    try {
      const { link, used } = await this.#openDirect(options);
      if (!link.tellsStatus) return null;
      const status = await link.status(options);
      this.#link = link;
      used();
      return status;
    } catch (error) {
      if (error instanceof UpdateError) return null;
      throw error;
    }
  }
}
