/**
 * One connection of a simulated device: reads requests from its bytes, one after another, and sends the answers back.
 * Node only.
 */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { SERVER_WORDS, malformed, plain } from '../answers.ts';
import { parseHead, type Head } from '../server/http-parser.ts';
import { ConnectionDropped } from '../power.ts';
import { isHopeless } from '../server/server-limits.ts';
import type { SimulatedDevice } from '../simulated-device.ts';
import { firstHeader, type WireRequest } from '../server/wire-request.ts';

export interface ConnectionLimits {
  /** After so many requests the connection closes. */
  readonly requests: number;
  /** Milliseconds after which a connection is closed that has brought no byte yet. */
  readonly idleMs: number;
  /** The same for a connection that was used. A request of which a part has come has no time limit. */
  readonly keepAliveIdleMs: number;
}

/** Answers over this are sent as they come, without a length, and the connection ends with them. */
const MAX_BUFFERED_ANSWER = 65536;

/**
 * After the last answer a device closes the connection at once. Here whatever the client still sends is read and
 * ignored for so long: where bytes arrive at a closed socket, the system resets the connection, and the client may lose
 * the answer that it was about to read. On a device that happens by chance.
 */
const LINGER_MS = 2000;

/** Statuses whose phrase the published server knows; it calls all others "OK". */
const WITH_PHRASE = [101, 200, 201, 204, 400, 404, 405, 413, 426, 429, 500, 503, 504];

export class SocketConnection {
  readonly #socket: Socket;
  readonly #device: SimulatedDevice;
  readonly #limits: ConnectionLimits;
  #received: Buffer = Buffer.alloc(0);
  #arrivedAt = 0;
  #served = 0;
  /** Aborts when the client of the request that is under way gives up; null: none is. */
  #underWay: AbortController | null = null;
  #closing = false;

  constructor(socket: Socket, device: SimulatedDevice, limits: ConnectionLimits) {
    this.#socket = socket;
    this.#device = device;
    this.#limits = limits;
    socket.on('data', (part: Buffer) => this.#take(part));
    // A client that ends its side has given up: neither browsers nor Node close half of a connection.
    socket.on('end', () => this.#gone());
    socket.on('close', () => this.#gone());
    socket.on('timeout', () => (this.#closing ? socket.destroy() : this.#end('')));
    this.#await();
  }

  /** The device was reset: an idle connection ends, but an answer that may be under way is still sent. */
  reset(): void {
    if (this.#underWay === null) this.#socket.destroy();
  }

  #take(part: Buffer): void {
    if (this.#closing) return;
    if (this.#received.length === 0) this.#arrivedAt = this.#device.options.clock.now();
    this.#received = Buffer.concat([this.#received, part]);
    if (this.#underWay === null) this.#next();
    // Further bytes wait in the network, as they do when the device's buffer is full.
    else if (this.#received.length > this.#device.options.requestBytes) this.#socket.pause();
  }

  #gone(): void {
    this.#underWay?.abort();
    if (!this.#closing) this.#socket.destroy();
  }

  #await(): void {
    const { idleMs, keepAliveIdleMs } = this.#limits;
    const idle = this.#served === 0 ? idleMs : keepAliveIdleMs;
    this.#socket.setTimeout(this.#received.length === 0 ? idle : 0);
  }

  /** Serves the next request, once enough of it has come. */
  #next(): void {
    const { requestBytes } = this.#device.options;
    const isFull = this.#received.length >= requestBytes;
    const parsed = parseHead(this.#received);
    switch (parsed.kind) {
      case 'malformed':
        void this.#send(malformed(), 'GET');
        return;
      case 'incomplete':
        if (isFull) void this.#send(plain(413, SERVER_WORDS[413]), 'GET');
        else this.#await();
        return;
      case 'head': {
        const request = this.#requestOf(parsed.head);
        const isWhole = request.body.length === request.bodyBytes;
        if (isWhole || isFull || isHopeless(request)) void this.#serve(request);
        else this.#await();
      }
    }
  }

  #requestOf({ contentLength, bytes: headBytes, ...head }: Head): WireRequest {
    const bytes = headBytes + contentLength;
    const body = new Uint8Array(this.#received.subarray(headBytes, bytes));
    return { ...head, body, bodyBytes: contentLength, bytes };
  }

  async #serve(request: WireRequest): Promise<void> {
    const socket = this.#socket;
    socket.setTimeout(0);
    this.#received = this.#received.subarray(request.bytes);
    this.#served += 1;
    const underWay = (this.#underWay = new AbortController());
    const { restarts } = this.#device;
    try {
      const response = await this.#device.receive(request, underWay.signal, this.#arrivedAt);
      const isLast =
        this.#served >= this.#limits.requests ||
        firstHeader(request, 'connection')?.toLowerCase().includes('close') === true ||
        this.#device.restarts !== restarts;
      if (isLast) response.headers.set('Connection', 'close');
      await this.#send(response, request.method);
    } catch (error) {
      socket.destroy();
      if (!(error instanceof ConnectionDropped) && !underWay.signal.aborted) throw error;
    }
    this.#underWay = null;
    if (this.#closing || socket.destroyed) return;
    if (this.#received.length > 0) this.#arrivedAt = this.#device.options.clock.now();
    socket.resume();
    this.#next();
  }

  async #send(response: Response, method: string): Promise<void> {
    const { status, headers, body } = response;
    const parts: Uint8Array[] = [];
    let bytes = 0;
    let isStreaming = false;
    if (body !== null) {
      for await (const part of body as ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>) {
        parts.push(part);
        bytes += part.length;
        if (bytes <= MAX_BUFFERED_ANSWER) continue;
        if (!isStreaming && !headers.has('content-length')) headers.set('Connection', 'close');
        const head = isStreaming ? '' : headOf(status, headers);
        isStreaming = true;
        await this.#write(Buffer.concat([Buffer.from(head, 'latin1'), ...parts.splice(0)]));
        if (this.#socket.destroyed) return;
      }
    }
    // An answer to HEAD may state the length of the body that a GET would have; every other states its own.
    if (!isStreaming && (method !== 'HEAD' || !headers.has('content-length')))
      headers.set('Content-Length', String(bytes));
    const head = isStreaming ? '' : headOf(status, headers);
    const rest = Buffer.concat([Buffer.from(head, 'latin1'), ...parts]);
    if (headers.get('connection') === 'close') this.#end(rest);
    else await this.#write(rest);
  }

  /** Resolves when there is room for more, or the client is gone. */
  async #write(bytes: Buffer): Promise<void> {
    const socket = this.#socket;
    if (socket.destroyed || socket.write(bytes)) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        socket.off('drain', done);
        socket.off('close', done);
        resolve();
      };
      socket.once('drain', done);
      socket.once('close', done);
    });
  }

  #end(bytes: Buffer | string): void {
    this.#closing = true;
    this.#received = Buffer.alloc(0);
    this.#socket.setTimeout(LINGER_MS);
    this.#socket.resume();
    this.#socket.end(bytes);
  }
}

function headOf(status: number, headers: Headers): string {
  const phrase = WITH_PHRASE.includes(status) ? (STATUS_CODES[status] ?? 'OK') : 'OK';
  const lines = [`HTTP/1.1 ${status} ${phrase}`, ...[...headers].map(([name, value]) => `${name}: ${value}`)];
  if (!headers.has('connection')) lines.push('connection: keep-alive');
  return `${lines.join('\r\n')}\r\n\r\n`;
}
