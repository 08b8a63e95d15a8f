/**
 * What the gateway of a host answers itself, in place of the device. The page on a board has no gateway
 * (`no-gateway-word.ts`).
 */
import type { UpdateErrorCode } from '../model/update/error-codes.ts';
import { UpdateError } from '../model/update/update-error.ts';
import { wordsOf, type Answer } from './answer.ts';

/**
 * The cause of an error that the gateway itself answered: a header of its own says so, which it lets no device send.
 */
export class GatewaysOwn {
  /** As in src/host/gateway/gateway.ts: "redirect". */
  readonly code: string;

  constructor(code: string) {
    this.code = code;
  }
}

/**
 * The gateway did not forward the request, so that no device was asked. Its 404 must not be taken for a device without
 * such a route.
 */
const NOT_CARRIED: ReadonlySet<string> = new Set(['not-paired', 'no-such-path', 'wrong-method', 'header-refused']);

/** Codes that mean that the device did not answer. Their status alone would read like a fault of the device. */
const NO_ANSWER: Readonly<Partial<Record<string, UpdateErrorCode>>> = {
  unreachable: 'unreachable',
  'no-such-name': 'unreachable',
  silent: 'silent',
};

/** Null: the answer is the device's. */
export function gatewayWord(headers: Pick<Headers, 'get'>): GatewaysOwn | null {
  const code = headers.get('moult-gateway');
  return code === null ? null : new GatewaysOwn(code);
}

/** The error, where the gateway did not forward the request. Null: it did. */
export function notCarried(own: GatewaysOwn, answer: Answer, secrets: readonly string[]): UpdateError | null {
  if (!NOT_CARRIED.has(own.code)) return null;
  const said = wordsOf(answer, secrets);
  return new UpdateError('unreachable', { status: answer.status, cause: own, ...(said === null ? {} : { said }) });
}

/** The code, where the gateway got no answer from the device. Null: it says something else. */
export function silenceIn({ code }: GatewaysOwn): UpdateErrorCode | null {
  return NO_ANSWER[code] ?? null;
}
