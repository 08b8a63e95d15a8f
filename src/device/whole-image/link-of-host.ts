/**
 * The link of a page to a device that only a host can speak to: the host tells what it is, and nothing else can be
 * asked.
 */
import type { Route } from '../../model/device/device.ts';
import { TRAITS, type WholeImageDialect } from '../../model/device/dialect.ts';
import type { WholeImageTraits } from '../../model/device/traits.ts';
import type { DeviceIdentity } from '../../model/device/identity.ts';
import type { RequestOptions } from '../../model/device/link.ts';
import type { AskHost, UploadAnswer, WholeImageLink } from '../../model/device/whole-image-link.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import type { DeviceTarget } from '../target.ts';

export class LinkOfHost implements WholeImageLink {
  readonly dialect: WholeImageDialect;
  readonly traits: WholeImageTraits;
  readonly certain = true;
  readonly route: Route = 'gateway';
  readonly tellsSent = false;
  readonly #target: DeviceTarget;
  readonly #askHost: AskHost | null;

  /** @param askHost null: no host answers this page */
  constructor(dialect: WholeImageDialect, target: DeviceTarget, askHost: AskHost | null) {
    this.dialect = dialect;
    this.traits = TRAITS[dialect];
    this.#target = target;
    this.#askHost = askHost;
  }

  async identify(options: RequestOptions): Promise<DeviceIdentity> {
    if (this.#askHost === null) throw new UpdateError('needs-host');
    const found = await this.#askHost({ ...this.#target, protocol: this.dialect }, options);
    if (found?.dialect !== this.dialect) throw new UpdateError('garbled');
    return found.identity;
  }

  prepare(): Promise<void> {
    return Promise.reject(new UpdateError('needs-host'));
  }

  upload(): Promise<UploadAnswer> {
    return Promise.reject(new UpdateError('needs-host'));
  }

  restart(): Promise<void> {
    return Promise.reject(new UpdateError('needs-host'));
  }
}
