/** Files that another app shared: the worker puts them down, the page picks them up. Runs in both. */

/** Not one of the caches that belong to a version: it outlives them. */
const CACHE = 'moult-shared';
/** A header, since a cached answer has no other place for it; encoded, since headers are ASCII. */
const NAME_HEADER = 'X-File-Name';
/** Only a key; nothing is ever asked at this address. */
const KEY = '/shared-file/';

/** What is used of `caches`, so that a test can stand in for it. */
export type SharedCaches = Pick<CacheStorage, 'open' | 'delete'>;

/** Rejects with a `QuotaExceededError` where the browser has no room. */
export async function putDownShared(files: readonly File[], stores: SharedCaches): Promise<void> {
  const cache = await stores.open(CACHE);
  const before = (await cache.keys()).length;
  for (const [index, file] of files.entries()) {
    const headers = { [NAME_HEADER]: encodeURIComponent(file.name) };
    await cache.put(`${KEY}${before + index}`, new Response(file, { headers }));
  }
}

/** What was put down, oldest first. It is gone from there afterwards. */
export async function pickUpShared(stores: SharedCaches): Promise<readonly File[]> {
  const cache = await stores.open(CACHE);
  const files: File[] = [];
  for (const key of await cache.keys()) {
    const kept = await cache.match(key);
    // Another tab picked it up in the same moment.
    if (kept === undefined || !(await cache.delete(key))) continue;
    files.push(new File([await kept.blob()], decodeURIComponent(kept.headers.get(NAME_HEADER) ?? 'firmware.bin')));
  }
  return files;
}
