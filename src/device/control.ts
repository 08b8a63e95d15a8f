/**
 * A path that cannot exist. ViperHTTP answers 200 with an empty body where there is no route, so what an update route
 * answers says something only where this path is answered otherwise.
 */

/** Bytes of the random part: nobody has a route of that name by chance. */
const RANDOM_BYTES = 6;

/** A route below the prefix, another one each time: nothing between us and the device can have kept an answer to it. */
export function controlRoute(): string {
  const random = crypto.getRandomValues(new Uint8Array(RANDOM_BYTES));
  return `/no-such-route-${Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
