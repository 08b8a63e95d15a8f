/** What the connection doctor may do and know. The real ones are in `browser-probes.ts`. */
import type { UpdateErrorCode } from '../../model/update/error-codes.ts';
import type { LocalNetworkPermission } from '../link-deps.ts';
import type { SelfDescription } from '../viperhttp/openapi.ts';
import type { Credentials } from '../device-request.ts';
import type { DeviceTarget } from '../target.ts';

/** What kind of answer it was: the snapshot that only an update route gives, or what any server could have said. */
export type AnswerBody = 'snapshot' | 'json' | 'text' | 'empty' | 'page';

/** What one question came to. */
export interface Asked {
  /** Null: a good answer. */
  readonly code: UpdateErrorCode | null;
  readonly status: number | null;
  readonly said: string | null;
  /** Null: no answer that can be read. */
  readonly body: AnswerBody | null;
  /** The gateway's own code, where the answer is the gateway's and not the device's; else null. */
  readonly gatewaySays: string | null;
  /** The answer was a redirect. */
  readonly redirects?: true;
}

export interface Probed {
  readonly reached: boolean;
  readonly ms: number;
}

/** Injected, so that the ladder itself is pure. */
export interface Probes {
  readonly page: { readonly origin: string; readonly secure: boolean };
  /** Whether the host that served the page has a gateway. */
  readonly gateway: boolean;
  online(): boolean;
  permission(target: DeviceTarget): Promise<LocalNetworkPermission>;
  /** Whether this browser lets an https page reach http devices in the local network (Chromium does). */
  letsLocalHttp(): Promise<boolean>;
  /** Asks for the status so that the answer can be read. */
  ask(target: DeviceTarget, credentials: Credentials): Promise<Asked>;
  /** Asks for a path that cannot exist, to see what the server answers to any path. */
  control(target: DeviceTarget, credentials: Credentials): Promise<Asked>;
  /** What the device tells of itself, without a token; null where it tells nothing. Asked once. */
  describe(target: DeviceTarget): Promise<SelfDescription | null>;
  /** Asks so that the answer cannot be read, without the token: whether anything answers. */
  probe(target: DeviceTarget): Promise<Probed>;
  /** Whether the page's own policy (CSP) blocked a request to the target since the probes were made. */
  blockedByPolicy(target: DeviceTarget): Promise<boolean>;
}
