/**
 * What a device says to a path that cannot exist. An answer that it gives there, too, shows nothing: published
 * ViperHTTP answers 200 with an empty body wherever it has no route (docs/protocol.md).
 */
import type { RequestOptions } from '../update/ports.ts';
import { UpdateError } from '../update/update-error.ts';
import type { Answer } from './answer.ts';
import { send, type World } from './request.ts';
import type { DeviceTarget } from './target.ts';

/** Random bytes in the name of such a path: nobody has a route of this name by chance. */
const RANDOM_BYTES = 6;

/** A route below the prefix that no device has, another one each time. */
export function controlRoute(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(RANDOM_BYTES));
  return `/no-such-route-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/**
 * Asks for such a path as a `documented` device is asked, with its token.
 *
 * @returns the answer, or null where it was refused or could not be read: then any other answer says something
 */
export async function askControl(
  target: DeviceTarget,
  method: 'GET' | 'POST',
  options: RequestOptions,
  world: World,
): Promise<Answer | null> {
  const body = method === 'POST' ? { body: '{}' } : {};
  const request = { kind: 'control', method, route: controlRoute(), credentials: 'bearer', ...body } as const;
  try {
    return await send(target, request, options, world);
  } catch (error) {
    if (!(error instanceof UpdateError)) throw error;
    switch (error.code) {
      // Nothing was learned: whoever asked tries again.
      case 'aborted':
      case 'silent':
      case 'busy':
        throw error;
      default:
        return null;
    }
  }
}

/** Whether two answers say the same. */
export function saysTheSame(one: Answer, other: Answer | null): boolean {
  return other !== null && one.status === other.status && one.text.trim() === other.text.trim();
}

/** Whether an answer says anything: it is not empty, and not what any other path answers. */
export function saysSomething(answer: Answer, control: Answer | null): boolean {
  return answer.text.trim() !== '' && !saysTheSame(answer, control);
}
