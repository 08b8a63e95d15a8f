/** A simulated device of any kind that takes an image whole, on a real socket. Node only. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { listen, serveSomewhere } from './listen.ts';

/** What the server needs of such a device. */
export interface WholeDevice {
  readonly away: boolean;
  /** An answer with a `Content-Encoding` of gzip still has to be compressed. */
  handle(request: Request): Promise<Response>;
  /** What it writes before the body of an answer, where that is not what a library would write. */
  head?(answer: Response): string;
  onRestart(listener: () => void): () => void;
}

export interface ServedWhole {
  /** "http://127.0.0.1:51234" */
  readonly origin: string;
  readonly close: () => Promise<void>;
}

/** Rejects with Node's error where the port cannot be had. `port` 0: any free one. */
export async function serveWhole(
  device: WholeDevice,
  { port, host = '127.0.0.1' }: { readonly port: number; readonly host?: string },
): Promise<ServedWhole> {
  const server = createServer((request, response) => void answer(device, request, response));
  server.on('connection', (socket: Socket) => {
    if (device.away) socket.destroy();
  });
  const listening = await listen(server, { port, host });
  const forget = device.onRestart(listening.drop);
  return {
    origin: `http://${host}:${listening.port}`,
    close: async () => {
      forget();
      await listening.close();
    },
  };
}

/** The same at any free port, where `port` is taken and `orAnyPort`. */
export function serveWholeSomewhere(device: WholeDevice, port: number, orAnyPort: boolean): Promise<ServedWhole> {
  return serveSomewhere((at) => serveWhole(device, { port: at }), port, orAnyPort);
}

async function answer(device: WholeDevice, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', url = '/', headersDistinct, socket } = message;
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  const hasBody = method === 'POST';
  try {
    const told = await device.handle(
      new Request(`http://device${url}`, {
        method,
        headers: Object.entries(headersDistinct).map(([name, values]): [string, string] => [
          name,
          (values ?? []).join(', '),
        ]),
        signal: gone.signal,
        ...(hasBody ? { body: Readable.toWeb(message) as ReadableStream, duplex: 'half' } : {}),
      }),
    );
    if (device.head !== undefined) {
      const head = device.head(told);
      socket.end(Buffer.concat([Buffer.from(head), new Uint8Array(await told.arrayBuffer())]), () => socket.destroy());
      return;
    }
    // Such a device closes each connection after its answer.
    response.writeHead(told.status, { ...Object.fromEntries(told.headers), Connection: 'close' });
    // A stream of events is passed on as it comes, since it never ends.
    if (told.headers.get('content-type') === 'text/event-stream' && told.body !== null) {
      Readable.fromWeb(told.body as NodeReadableStream).pipe(response);
      return;
    }
    const body = new Uint8Array(await told.arrayBuffer());
    response.end(told.headers.get('content-encoding') === 'gzip' ? gzipSync(body) : body);
  } catch {
    // There is no answer: the device was reset, a fault says so, or the client is gone.
    socket.destroy();
  }
}
