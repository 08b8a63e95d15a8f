/**
 * A file that came by the manifest's `share_target`: the worker puts it down, the page picks it up. Runs in both. Another
 * app shares so, and so can any web page, by a form and without a tap: what it may cost here is bounded.
 */

/** Not one of the caches that belong to a version: it outlives them. */
export const SHARED_CACHE = 'moult-shared';
/** A header, since a cached answer has no other place for it; encoded, since headers are ASCII. */
const NAME_HEADER = 'X-File-Name';
/** Only a key; nothing is ever asked at this address. One, so that a later file takes the place of one not picked up. */
const KEY = '/shared-file';

/** All of the flash that most modules have; the update itself sends a part of it. */
export const LARGEST_SHARED_BYTES = 16 * 1024 * 1024;

/**
 * What the page is told in its address. `file`: there is one to pick up. `several`: more than the one that the manifest
 * speaks of. `too-large`: over `LARGEST_SHARED_BYTES`. `lost`: none came, or there was no room.
 */
export type Shared = 'file' | 'several' | 'too-large' | 'lost';

/** What is used of `caches`, so that a test can stand in for it. */
export type SharedCaches = Pick<CacheStorage, 'open'>;

/** Rejects with a `QuotaExceededError` where the browser has no room. */
export async function keepShared(form: FormData, stores: SharedCaches): Promise<Shared> {
  // A field for files that was left empty is a file without a name.
  const files = [...form.values()].filter((value) => value instanceof File).filter(({ name }) => name !== '');
  const [file] = files;
  if (file === undefined) return 'lost';
  if (files.length > 1) return 'several';
  if (file.size > LARGEST_SHARED_BYTES) return 'too-large';
  const headers = { [NAME_HEADER]: encodeURIComponent(file.name) };
  await (await stores.open(SHARED_CACHE)).put(KEY, new Response(file, { headers }));
  return 'file';
}

/** What was put down; it is gone from there afterwards. Null where there is none. */
export async function takeShared(stores: SharedCaches): Promise<File | null> {
  const cache = await stores.open(SHARED_CACHE);
  const kept = await cache.match(KEY);
  // Versions before put down any number of files, under keys of their own; and another tab may be quicker.
  const taken = await Promise.all((await cache.keys()).map((key) => cache.delete(key)));
  if (kept === undefined || !taken.includes(true)) return null;
  return new File([await kept.blob()], decodeURIComponent(kept.headers.get(NAME_HEADER) ?? 'firmware.bin'));
}
