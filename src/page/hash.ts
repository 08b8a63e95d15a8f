/** The page's own way to hash: SubtleCrypto, in a worker where the browser starts one. */
import { digestOf, type Digest, type DigestOptions } from '../firmware/bytes/digest.ts';
import workerUrl from '../firmware/bytes/hash-worker.ts?worker&url';
import { WorkerHash } from './worker-hash.ts';
import { pageClock } from './clock.ts';

/** The parts of Trusted Types that are used; the DOM's types do not have them yet. */
interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

/** The page's policy allows one by this name only (src/host/serve/headers.ts), and only once: so it is kept. */
const POLICY = 'moult-hash';
let trustedUrl: string | null = null;

const away = new WorkerHash(() => {
  trustedUrl ??= trusted(workerUrl);
  return new Worker(trustedUrl, { type: 'module', name: POLICY });
}, pageClock);

export const pageHash: DigestOptions = { away: away.digest };

export const pageDigest: Digest = (algorithm, bytes) => digestOf(algorithm, bytes, pageHash);

/** Where the page's policy demands Trusted Types, a plain string is refused. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as { readonly trustedTypes?: PolicyFactory };
  if (trustedTypes === undefined) return url;
  const policy = trustedTypes.createPolicy(POLICY, {
    createScriptURL: (asked) => {
      if (asked !== url) throw new TypeError(`${asked} is not the worker that hashes`);
      return asked;
    },
  });
  return policy.createScriptURL(url);
}
