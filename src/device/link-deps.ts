/** What a link needs, whatever its dialect. What a host has for links is a part of it, and so described here, too. */
import type { WholeImageDialect } from '../model/device/dialect.ts';
import type { DeviceIdentity } from '../model/device/identity.ts';
import type { RequestOptions } from '../model/device/link.ts';
import type { RawWays } from '../model/device/raw-connection.ts';
import type { MakeSignIn } from '../model/device/secrets/sign-in.ts';
import type { Upload } from '../model/device/upload.ts';
import type { AskHost, FoundWhole, WholeImageLink } from '../model/device/whole-image-link.ts';
import type { RequestDeps } from './request.ts';
import type { DeviceTarget } from './target.ts';

/** The browser's local network permission; `none` where it plays no part (docs/browsers.md). */
export type LocalNetworkPermission = 'granted' | 'denied' | 'prompt' | 'none';

export interface LinkDeps extends RequestDeps {
  /** Asked before the first requests: while the browser's question may be open, no time limit runs. */
  readonly permission?: () => Promise<LocalNetworkPermission>;
  /** How an image is sent whole; absent: by `fetch`. */
  readonly upload?: Upload;
  /**
   * Answers a device that asks for a user and password by HTTP's own means. Absent: that cannot be answered, as in a
   * page.
   */
  readonly signIn?: MakeSignIn;
  /** Present where this runs in a host, which speaks to devices that no page can (`hostOnly`). Absent: in a page. */
  readonly onHost?: OfHost;
  /** How a host reaches devices that speak no HTTP. Absent: in a page, which cannot. */
  readonly raw?: RawWays;
  /** How a page has its host ask such a device; absent: there is none. */
  readonly askHost?: AskHost;
}

/** Makes the link to a device that takes an image whole. */
export type MakeLink = (target: DeviceTarget, deps: LinkDeps) => WholeImageLink;

/** The question that shows whether a device of this dialect is at an address. */
export interface Probe {
  readonly dialect: WholeImageDialect;
  /** Null: something answers, and is another device. Rejects with an `UpdateError` where nothing readable came. */
  readonly ask: (target: DeviceTarget, options: RequestOptions, deps: LinkDeps) => Promise<DeviceIdentity | null>;
}

/** What a host has for devices that take an image whole; `whole-image/of-host.ts` makes it. */
export interface OfHost {
  readonly links: Readonly<Record<WholeImageDialect, MakeLink>>;
  /**
   * The questions by HTTP that show which of them is at an address. They are asked after those that a page asks, too.
   */
  readonly probes: readonly Probe[];
  /**
   * Asks a device of a known dialect what it is, and any other whether it is of a kind that only a host can ask. Null:
   * no such device. Rejects with an `UpdateError`.
   */
  find(target: DeviceTarget, deps: LinkDeps, options: RequestOptions): Promise<FoundWhole | null>;
}
