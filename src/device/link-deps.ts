/** What a link needs, whatever its dialect. */
import type { RawWays } from '../model/device/raw-connection.ts';
import type { MakeSignIn } from '../model/device/secrets/sign-in.ts';
import type { Upload } from '../model/device/upload.ts';
import type { AskHost } from '../model/device/whole-image-link.ts';
import type { RequestDeps } from './request.ts';
import type { OfHost } from './whole-image/of-host.ts';

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
