/** What the gateway of a host says itself, in place of a device's answer. The page on a board has none (`no-gateway-word.ts`). */
import type { UpdateErrorCode } from '../model/update/error-codes.ts';
import { UpdateError } from '../model/update/update-error.ts';
import { wordsOf, type Answer } from './answer.ts';

/** The cause of an error that is the gateway's own word: its header says so, and no device's header gets through it. */
export class GatewaysOwn {
  /** As in src/host/gateway/gateway.ts: "redirect". */
  readonly code: string;

  constructor(code: string) {
    this.code = code;
  }
}

/** It carries no such request, so that no device was asked. Its 404 must not pass for a device without such a route. */
const NOT_CARRIED: ReadonlySet<string> = new Set(['not-paired', 'no-such-path', 'wrong-method', 'header-refused']);

/** That no answer came from the device, said with a status that would read like the device's own fault. */
const NO_ANSWER: Readonly<Partial<Record<string, UpdateErrorCode>>> = {
  unreachable: 'unreachable',
  'no-such-name': 'unreachable',
  silent: 'silent',
};

/** Null: what came is the device's. */
export function gatewayWord(headers: Pick<Headers, 'get'>): GatewaysOwn | null {
  const code = headers.get('moult-gateway');
  return code === null ? null : new GatewaysOwn(code);
}

/** Null: the request was carried. */
export function notCarried(own: GatewaysOwn, answer: Answer, secrets: readonly string[]): UpdateError | null {
  if (!NOT_CARRIED.has(own.code)) return null;
  const said = wordsOf(answer, secrets);
  return new UpdateError('unreachable', { status: answer.status, cause: own, ...(said === null ? {} : { said }) });
}

/** Null: it says something else than that nothing came. */
export function silenceIn({ code }: GatewaysOwn): UpdateErrorCode | null {
  return NO_ANSWER[code] ?? null;
}
