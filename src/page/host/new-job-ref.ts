import { hex } from '../../model/hex.ts';
import type { JobRef } from '../../model/page/job-calls.ts';

/** 128 bits each, as 32 hex digits and as 22 characters of base64url. */
const BYTES = 16;

/** What names a new job or rollout on the host, and opens it: both at random. */
export function newJobRef(): JobRef {
  const key = btoa(String.fromCharCode(...random()))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
  return { id: hex(random()), key };
}

function random(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(BYTES));
}
