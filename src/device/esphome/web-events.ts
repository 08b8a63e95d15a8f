/**
 * The first event of an ESPHome device's web page, which tells what its page is called, whether it takes updates, and how long
 * it has been up. The answer never ends, so it is read over a connection of its own, and no further than that.
 * Source: ESPHome 2024.11 and 2026.6, `web_server.cpp`, `web_server_idf.cpp`.
 */
import type { RawConnection } from '../../model/device/raw-connection.ts';
import { objectIn } from '../answer.ts';

const EVENTS = '/events';
/** Headers and the first event are some hundred bytes. */
const MOST_BYTES = 8 * 1024;
/**
 * Its milliseconds start again at 0 after 49.7 days. In the last hour before that they are not used, since they would
 * look like a restart.
 */
const WRAPS_SOON_MS = 2 ** 32 - 3_600_000;

export interface FirstEvent {
  readonly title: string;
  /** Whether its page takes updates; null: it does not say. */
  readonly ota: boolean | null;
  /** Null: not told, or about to start again at 0. */
  readonly uptimeMs: number | null;
}

export type EventsAnswer =
  | { readonly kind: 'told'; readonly event: FirstEvent }
  /** It wants a login, or another one. */
  | { readonly kind: 'unauthorised' }
  /** It answers, but not as such a device. */
  | { readonly kind: 'other' };

/**
 * Rejects where the connection ends.
 *
 * @param host the value of the header `Host`
 * @param authorization the value of the header `Authorization`; null: none is sent
 */
export async function askEvents(
  connection: RawConnection,
  host: string,
  authorization: string | null,
): Promise<EventsAnswer> {
  const lines = [
    `GET ${EVENTS} HTTP/1.1`,
    `Host: ${host}`,
    'Accept: text/event-stream',
    ...(authorization === null ? [] : [`Authorization: ${authorization}`]),
    'Connection: close',
  ];
  await connection.write(new TextEncoder().encode(`${lines.join('\r\n')}\r\n\r\n`));
  let text = '';
  while (text.length < MOST_BYTES) {
    const [byte = 0] = await connection.read(1);
    text += String.fromCharCode(byte);
    if (byte !== 0x0a) continue;
    const answer = readEvents(text);
    if (answer !== null) return answer;
  }
  return { kind: 'other' };
}

/**
 * Null: more has to come.
 *
 * @param text one character for each byte, up to the end of a line
 */
export function readEvents(text: string): EventsAnswer | null {
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1];
  if (status === undefined) return { kind: 'other' };
  if (status === '401') return { kind: 'unauthorised' };
  if (status !== '200') return { kind: 'other' };
  const headersEnd = text.indexOf('\r\n\r\n');
  if (headersEnd === -1) return null;
  if (!/^content-type:\s*text\/event-stream/im.test(text.slice(0, headersEnd))) return { kind: 'other' };
  const [, id = ''] = /^id: (\d{1,10})\r?$/m.exec(text) ?? [];
  const [, data = ''] = /^event: ping\r?\n(?:id: \d+\r?\n)?data: (.*?)\r?$/m.exec(text) ?? [];
  if (data === '') return null;
  const said = parsed(data.trim());
  const title = said?.['title'];
  if (said === null || typeof title !== 'string' || typeof said['lang'] !== 'string') return { kind: 'other' };
  const { ota, uptime } = said;
  return {
    kind: 'told',
    event: {
      title,
      ota: typeof ota === 'boolean' ? ota : null,
      uptimeMs: typeof uptime === 'number' ? uptime * 1000 : sinceStart(id),
    },
  };
}

function sinceStart(id: string): number | null {
  const ms = id === '' ? NaN : Number(id);
  return Number.isNaN(ms) || ms > WRAPS_SOON_MS ? null : ms;
}

function parsed(data: string): Readonly<Record<string, unknown>> | null {
  try {
    // Each character stands for one byte.
    return objectIn(JSON.parse(new TextDecoder().decode(Uint8Array.from(data, (letter) => letter.charCodeAt(0)))));
  } catch {
    // It is not JSON: another server's event.
    return null;
  }
}
