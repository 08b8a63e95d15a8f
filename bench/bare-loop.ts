/**
 * What any page could do at best: the same requests from the same page, with chunks that double, and nothing between
 * two of them. No journal, no drawing, no doubts. What the real page takes more than this is its own.
 */
import { createHash } from 'node:crypto';
import type { Journey, ServedDevice } from '../test/journey/journey.ts';
import { PageNotes } from './page-notes.ts';
import { LET_GO_MS, pageAt, UnwatchedBrowser, until } from './unwatched-browser.ts';

const FIRST_CHUNK = 4096;
const LARGEST_CHUNK = 65_536;

interface Post {
  readonly route: string;
  /** JSON, or which bytes of the image. */
  readonly body: string | readonly [number, number];
}

/** Sends the whole image; resolves with the milliseconds from begin's request to finalize's answer, or its dropping. */
export async function bareLoop(
  journey: Journey,
  { device, origin, token }: ServedDevice,
  image: Uint8Array,
  patienceMs: number,
): Promise<number> {
  const { url } = journey.host;
  const shipped = device.options.dialect === 'shipped';
  const header = shipped ? (['X-OTA-Token', token] as const) : (['Authorization', `Bearer ${token}`] as const);
  const browser = await UnwatchedBrowser.launch();
  try {
    await browser.drive(async (profile) => {
      await PageNotes.prepare(profile);
      await (await profile.newPage()).goto(url);
    });
    await browser.drive(async (profile) => {
      const base64 = Buffer.from(image).toString('base64');
      const given = { base: `${origin}/ota`, header, posts: posts(image, shipped), base64, letGoMs: LET_GO_MS };
      await pageAt(profile, url).evaluate(({ base, header, posts, base64, letGoMs }) => {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        setTimeout(() => {
          void (async () => {
            for (const { route, body } of posts) {
              const text = typeof body === 'string';
              const type = text ? 'application/json' : 'application/octet-stream';
              const response = await fetch(`${base}/${route}`, {
                ...{ method: 'POST', mode: 'cors', redirect: 'error', credentials: 'omit', cache: 'no-store' },
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

function posts(image: Uint8Array, shipped: boolean): readonly Post[] {
  const size = image.length;
  const sha256 = createHash('sha256').update(image).digest('hex');
  const begin = shipped ? { expected_size: size, expected_sha256: sha256 } : { size };
  const chunks: Post[] = [];
  for (let at = 0, bytes = FIRST_CHUNK; at < size; at += bytes, bytes = Math.min(LARGEST_CHUNK, bytes * 2)) {
    const route = shipped ? `chunk?offset=${at}` : 'write';
    chunks.push({ route, body: [at, Math.min(size, at + bytes)] });
  }
  const finalize = shipped ? { set_boot: true, reboot: true } : { sha256 };
  return [
    { route: 'begin', body: JSON.stringify(begin) },
    ...chunks,
    { route: 'finalize', body: JSON.stringify(finalize) },
  ];
}
