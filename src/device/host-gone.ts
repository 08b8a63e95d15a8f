import type { UpdateError } from '../model/update/update-error.ts';

/**
 * Of a request by the gateway: not even its host answered, for it is off, asleep or on another network. What the
 * gateway says of a device comes with a status.
 */
export function isHostGone(error: UpdateError): boolean {
  return error.code === 'unreachable' && error.status === null;
}
