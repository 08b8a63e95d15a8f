/** What the connection doctor finds: why a device is not reached, in facts, and the one thing to do about it. */
import type { Device } from './device.ts';
import type { Dialect } from './dialect.ts';

/** What stands between the page and the device, or that nothing answers there. */
export type WayCause =
  | {
      readonly kind:
        | 'offline'
        | 'mixed-content'
        | 'page-not-secure'
        | 'permission-not-asked'
        | 'permission-denied'
        | 'blocked-by-policy'
        | 'header-missing'
        | 'header-refused'
        | 'not-http'
        | 'redirects'
        | 'certificate'
        | 'busy'
        | 'gateway-gone';
    }
  /** `gatewaySaid`: the gateway's own words; null: it did not say it, or was not asked. */
  | { readonly kind: 'no-answer' | 'gateway-refused'; readonly gatewaySaid: string | null }
  | {
      readonly kind: 'cors-missing';
      /** The page's origin. */
      readonly page: string;
      /** What a list of trusted hosts would have to name. */
      readonly hosts: readonly string[];
      /** Whether it may be a device that has no status to read. */
      readonly mayLackStatus: boolean;
    }
  | { readonly kind: 'header-not-passed'; readonly tokenHeader: string }
  | { readonly kind: 'bad-port'; readonly port: string }
  /** `port`: the one that answers. */
  | { readonly kind: 'wrong-port'; readonly port: number; readonly hostname: string }
  | { readonly kind: 'port-closed'; readonly isIpAddress: boolean }
  | { readonly kind: 'no-such-name'; readonly hostname: string };

/** What an answer that could be read came to. */
export type AnswerCause =
  | {
      readonly kind:
        | 'cannot-tell'
        /**
         * Of a device that takes an image whole: the doctor asks only for the status of ViperHTTP, which it does not
         * have.
         */
        | 'somebody-answers'
        | 'ota-off'
        | 'wrong-token'
        | 'banned'
        | 'too-many-requests'
        | 'loop-not-running'
        | 'untrusted-host'
        | 'unsupported'
        | 'not-a-device';
    }
  /** `prefix`: the path that was asked. */
  | { readonly kind: 'answers' | 'wrong-prefix'; readonly prefix: string }
  /** `prefix`: the one that the device tells. */
  | { readonly kind: 'other-prefix'; readonly prefix: string; readonly saved: string }
  | { readonly kind: 'other-dialect'; readonly dialect: Dialect; readonly protocol: Device['protocol'] }
  /** `refused`: one was sent along. */
  | { readonly kind: 'login-wanted'; readonly refused: boolean };

export type Cause = WayCause | AnswerCause;

/** One button, or one text to copy. */
export type Remedy =
  | {
      readonly kind:
        'copy-cors-lines' | 'copy-host-lines' | 'copy-loop-lines' | 'copy-ota-lines' | 'copy-policy' | 'run-host';
      readonly text: string;
    }
  /** The browser asks. */
  | { readonly kind: 'allow-local-network' }
  /** Only the person can do it, in the browser. */
  | { readonly kind: 'site-settings' }
  | { readonly kind: 'open-in-tab'; readonly what: 'page' | 'device'; readonly url: string }
  | { readonly kind: 'use-gateway' }
  | { readonly kind: 'try-port'; readonly port: number; readonly origin: string }
  | { readonly kind: 'use-prefix'; readonly prefix: string }
  | { readonly kind: 'edit-device'; readonly field: 'address' | 'token' | 'tokenHeader' | 'prefix' | 'protocol' }
  /** `saved`: there is a login. */
  | { readonly kind: 'edit-device'; readonly field: 'login'; readonly saved: boolean }
  | { readonly kind: 'try-again' };

/** `host`: of the device, with its port. */
export type Diagnosis<Of extends Cause = Cause> = Of & { readonly host: string; readonly remedy: Remedy };
