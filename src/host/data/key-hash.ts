import { createHash } from 'node:crypto';

/**
 * What is written down of a key that somebody else holds: whoever reads the file cannot use it. A key is 128 random
 * bits, which nobody finds by trying, so that it needs neither salt nor rounds.
 */
export function keyHash(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
