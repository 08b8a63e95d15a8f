/**
 * The best that any page could do: the same requests from the same page with nothing between them, no journal, no
 * drawing, no checks. Whatever the real page takes beyond this is its own.
 */
import type { ServedDevice } from '../../test/journey/journey.ts';
import { PageNotes } from './page-notes.ts';
import { authOf, type UpdateRequest } from './update-requests.ts';
import { LET_GO_MS, pageAt, UnwatchedBrowser, until } from './unwatched-browser.ts';

/** Sends `posts`, whose bodies are of `image`; resolves with the milliseconds from begin's request to finalize's answer, or its dropping. */
export async function bareLoop(
  url: string,
  { device, origin, token }: ServedDevice,
  image: Uint8Array,
  posts: readonly UpdateRequest[],
  patienceMs: number,
): Promise<number> {
  const { dialect } = device.options;
  const header = authOf(dialect, token);
  const browser = await UnwatchedBrowser.launch();
  try {
    await browser.drive(async (profile) => {
      await PageNotes.prepare(profile);
      await (await profile.newPage()).goto(url);
    });
    await browser.drive(async (profile) => {
      const base64 = Buffer.from(image).toString('base64');
      const given = { base: `${origin}/ota`, header, posts, base64, letGoMs: LET_GO_MS };
      await pageAt(profile, url).evaluate(({ base, header, posts, base64, letGoMs }) => {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        setTimeout(() => {
          void (async () => {
            for (const { route, body } of posts) {
              const text = typeof body === 'string';
              const type = text ? 'application/json' : 'application/octet-stream';
              const response = await fetch(`${base}/${route}`, {
                ...{ method: 'POST', mode: 'cors', redirect: 'error', credentials: 'omit' },
                referrerPolicy: 'no-referrer',
                headers: [[...header], ['Content-Type', type]],
                body: text ? body : bytes.subarray(...body),
              });
              await response.text();
              if (!response.ok) throw new Error(`${route} was answered with ${response.status}`);
            }
          })();
        }, letGoMs);
      }, given);
    });
    await until(() => device.restarts > 0, patienceMs);
    const notes = await browser.drive(async (profile) => PageNotes.read(pageAt(profile, url)));
    const [ms] = notes.updatesMs;
    if (ms === undefined) throw new Error('there was no update');
    return ms;
  } finally {
    await browser.end();
  }
}
