/** The web page of a simulated ESPHome device, and the update that it takes. Source: ESPHome `web_server.cpp`, `ota_web_server.cpp`. */
import { ConnectionDropped, type Power } from '../power.ts';
import { RequestLog, type LoggedRequest } from '../request-log.ts';
import { logged } from '../whole/logged.ts';
import { withFlippedBit } from '../whole/form-body.ts';
import { joined } from '../whole/joined.ts';
import { boundaryOf, MultipartReader } from '../whole/multipart.ts';
import type { Connection } from './connection.ts';
import { dueAt, type EsphomeFault, type EsphomeWhen } from './faults.ts';
import { SimulatedEsphome } from './simulated-esphome.ts';

const PAGE =
  '<!DOCTYPE html><html><head><meta charset=UTF-8><title>ESPHome</title></head><body><esp-app></esp-app></body></html>';
const CHALLENGE = 'Basic realm="Login Required"';
const FLASH_BLOCK = 4096;

/** The faults for its port for updates apply to uploads here. */
export class SimulatedEsphomeWeb extends SimulatedEsphome {
  readonly #log = new RequestLog(this.options.clock);
  /** What an upload that broke off has left in flash. */
  #half = new Uint8Array(0);
  /** How many uploads were appended to what was left of another. */
  appended = 0;

  get requests(): readonly LoggedRequest[] {
    return this.#log.requests;
  }

  override restart(awayMs?: number): void {
    super.restart(awayMs);
    this.#half = new Uint8Array(0);
  }

  /** Answers one request. Rejects with `ConnectionDropped` where it gives no answer. */
  async handle(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    return logged(this.#log, request, pathname, () => this.#answer(request, pathname));
  }

  /** Sends the first event, over a connection of its own, and nothing more. */
  async serveEvents(connection: Connection): Promise<void> {
    try {
      let asked = '';
      while (!asked.endsWith('\r\n\r\n')) asked += String.fromCharCode(...(await connection.read(1)));
      if (this.away || this.build === null) return;
      await connection.write(
        new TextEncoder().encode(this.#eventsTo(/^authorization: (.*)\r$/im.exec(asked)?.[1] ?? null)),
      );
      await connection.gone;
    } catch (error) {
      if (!(error instanceof ConnectionDropped)) throw error;
    } finally {
      connection.close();
    }
  }

  #eventsTo(authorization: string | null): string {
    if (!this.#isOpenTo(authorization)) return `HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: ${CHALLENGE}\r\n\r\n`;
    const event = this.#firstEvent();
    const chunk = `${event.length.toString(16).padStart(8, '0')}\r\n${event}\r\n`;
    return `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n\r\n\r\n${chunk}`;
  }

  #firstEvent(): string {
    const { friendlyName, webOta, tellsUptime, clock } = this.options;
    const up = Math.max(0, Math.floor(clock.now() - this.startedAt));
    const said = { title: friendlyName, comment: '', ota: webOta, log: true, lang: 'en' };
    const data = JSON.stringify(tellsUptime ? { ...said, uptime: Math.floor(up / 1000) } : said);
    return `retry: 30000\r\nid: ${up}\r\nevent: ping\r\ndata: ${data}\r\n\r\n`;
  }

  #isOpenTo(authorization: string | null): boolean {
    const { login } = this.options;
    return login === null || authorization === `Basic ${btoa(`${login.user}:${login.password}`)}`;
  }

  async #answer(request: Request, pathname: string): Promise<Response> {
    if (this.away || this.build === null) throw new ConnectionDropped();
    if (!this.#isOpenTo(request.headers.get('authorization'))) return text(401, '', { 'WWW-Authenticate': CHALLENGE });
    if (request.method === 'GET' && pathname === '/')
      return new Response(PAGE, { headers: { 'Content-Type': 'text/html' } });
    if (request.method === 'GET' && pathname === '/events')
      return new Response(openWith(this.#firstEvent()), { headers: { 'Content-Type': 'text/event-stream' } });
    if (request.method !== 'POST' || pathname !== '/update' || !this.options.webOta) return text(404, 'Not found');
    this.connections.ota += 1;
    const { ota, api } = this.connections;
    const { power } = this;
    const fault = this.fault?.({ route: 'ota', nth: ota, index: ota + api }) ?? null;
    // The script may have cut the power just now: nothing more is done then.
    power.check();
    if (fault?.kind === 'garbage')
      return new Response('<html>Sign in</html>', { headers: { 'Content-Type': 'text/html' } });
    if (fault?.kind === 'error') return text(200, 'Update Failed!');
    return this.#take(request, fault, power);
  }

  async #take(request: Request, fault: EsphomeFault | null, power: Power): Promise<Response> {
    const boundary = boundaryOf(request.headers.get('content-type'));
    if (boundary === null || request.body === null) return text(400, 'Bad request');
    const { clock, costs } = this.options;
    const form = new MultipartReader(boundary);
    const reader = request.body.getReader();
    const gone = new Promise<void>((resolve) =>
      request.signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    const breakAt = async (at: EsphomeWhen): Promise<void> => {
      const due = dueAt(fault, at);
      if (due !== null) await this.fail(due, gone);
    };
    const taken = { signedIn: true, written: 0, ended: false };
    let image = new Uint8Array(0);
    try {
      await breakAt('before');
      this.updates.push(taken);
      if (this.#half.length > 0) this.appended += 1;
      image = this.#half;
      this.#half = new Uint8Array(0);
      for (;;) {
        const { done, value } = await reader.read();
        power.check();
        // What a page has given up is not read to its end.
        if (request.signal.aborted) throw new ConnectionDropped();
        if (done) break;
        for (const { bytes } of form.push(value)) {
          image = joined([image, withFlippedBit(bytes, fault?.kind === 'corrupt' ? fault.at - taken.written : -1)]);
          taken.written += bytes.length;
          const ms = (costs.programMsPerBlock * bytes.length) / FLASH_BLOCK;
          if (ms > 0) await clock.sleep(ms);
          power.check();
          await breakAt({ bytes: taken.written });
        }
      }
      if (!form.ended) throw new ConnectionDropped();
      await breakAt('written');
    } catch (error) {
      reader.cancel().catch(() => undefined);
      if (this.power === power && this.#keepsHalf()) this.#half = image;
      throw error;
    }
    if (image.length > this.options.slotBytes || image[0] !== 0xe9 || !this.options.isWhole(image))
      return text(200, 'Update Failed!');
    this.keep(image);
    taken.ended = true;
    await breakAt('after');
    return text(200, 'Update Successful!');
  }

  #keepsHalf(): boolean {
    const { halfUpload } = this.options;
    if (halfUpload !== undefined) return halfUpload === 'appended';
    const [year = 0, month = 0] = (this.build?.version ?? '').split('.').map(Number);
    const at = year * 12 + month;
    return at >= 2025 * 12 + 7 && at < 2026 * 12 + 4;
  }
}

/** A stream that sends this, and stays open. */
function openWith(words: string): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(words)) });
}

function text(status: number, words: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(words, { status, headers: { 'Content-Type': 'text/plain', ...headers } });
}
