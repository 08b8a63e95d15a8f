import type { UpdateError } from '../model/update/update-error.ts';

/**
 * Whether an error of a request through the gateway means that not even its host answered: it is off, asleep or on
 * another network. Whatever the gateway says of a device comes with a status.
 */
export function isHostGone(error: UpdateError): boolean {
  return error.code === 'unreachable' && error.status === null;
}
