/**
 * What a device answers to a path that cannot exist. An answer that it also gives there shows nothing: published
 * ViperHTTP answers 200 with an empty body wherever it has no route (docs/protocol.md).
 */
import type { RequestOptions } from '../../model/device/link.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import type { Answer } from '../answer.ts';
import { send, type RequestDeps } from '../request.ts';
import type { DeviceTarget } from '../target.ts';
import { hex } from '../../model/hex.ts';
import { factsOf } from '../../model/update/error-codes.ts';
import { STATUS_ROUTE } from '../../model/device/status-route.ts';

/** Random bytes in the name of such a path, so that no server has it by chance. */
const RANDOM_BYTES = 6;
/** Of a SHA-256. */
const HASH_BYTES = 32;

/** A route below the prefix that no device has, another one each time. */
export function controlRoute(): string {
  return `/no-such-route-${randomHex(RANDOM_BYTES)}`;
}

function randomHex(bytes: number): string {
  return hex(crypto.getRandomValues(new Uint8Array(bytes)));
}

/** What a device answers to any path. */
export interface Control {
  readonly answer: Answer;
  /** It sends back what it is sent, so that a size or a hash in its answer shows nothing. */
  readonly echoes: boolean;
}

/**
 * Asks for such a path as a `documented` device is asked, with its token, and with a size and a hash of no image.
 *
 * @returns null where the request was refused, or its answer could not be read: then any other answer shows something
 */
export async function askControl(
  target: DeviceTarget,
  method: 'GET' | 'POST',
  options: RequestOptions,
  deps: RequestDeps,
): Promise<Control | null> {
  const sha256 = randomHex(HASH_BYTES);
  const body = method === 'POST' ? { body: JSON.stringify({ size: 1, sha256 }) } : {};
  const request = { kind: 'control', method, route: controlRoute(), credentials: 'bearer', ...body } as const;
  try {
    const answer = await send(target, request, options, deps);
    return { answer, echoes: answer.text.includes(sha256) };
  } catch (error) {
    if (!(error instanceof UpdateError)) throw error;
    // Nothing was learned, so that the caller has to try again.
    if (!factsOf(error.code).device.learned) throw error;
    return null;
  }
}

/** Whether the status is refused without a token: then an answer to a token means that the token was right. */
export async function refusesWithoutToken(
  target: DeviceTarget,
  options: RequestOptions,
  deps: RequestDeps,
): Promise<boolean> {
  const request = { kind: 'status', method: 'GET', route: STATUS_ROUTE, credentials: 'none' } as const;
  try {
    await send(target, request, options, deps);
    return false;
  } catch (error) {
    if (!(error instanceof UpdateError) || error.code === 'aborted') throw error;
    return error.code === 'unauthorised';
  }
}

/** Whether two answers say the same. */
export function saysTheSame(one: Answer, control: Control | null): boolean {
  const other = control?.answer;
  return one.status === other?.status && one.text.trim() === other.text.trim();
}

/** Whether an answer says anything: it is not empty, and not what any other path answers. */
export function saysSomething(answer: Answer, control: Control | null): boolean {
  return answer.text.trim() !== '' && !saysTheSame(answer, control);
}
