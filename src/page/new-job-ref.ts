import type { JobRef } from '../model/page/job-calls.ts';

/** 128 bits each, as 32 hex digits and as 22 letters of base64url. */
const BYTES = 16;

/** What names a new job or rollout on the host, and opens it: both at random. */
export function newJobRef(): JobRef {
  const id = [...random()].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const key = btoa(String.fromCharCode(...random()))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
  return { id, key };
}

function random(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(BYTES));
}
