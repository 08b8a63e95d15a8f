/** A simulated hawkBit server on a real socket. Node only. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { SimulatedHawkbit } from '../hawkbit/simulated-hawkbit.ts';
import { listen } from './listen.ts';

export interface ServedHawkbit {
  /** "http://127.0.0.1:51234" */
  readonly origin: string;
  readonly close: () => Promise<void>;
}

/** Rejects with Node's error where the port cannot be had. `port` 0: any free one. */
export async function serveHawkbit(hawkbit: SimulatedHawkbit, port = 0): Promise<ServedHawkbit> {
  const host = '127.0.0.1';
  const server = createServer((request, response) => void answer(hawkbit, request, response));
  const listening = await listen(server, { port, host });
  return { origin: `http://${host}:${listening.port}`, close: listening.close };
}

async function answer(hawkbit: SimulatedHawkbit, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', url = '/', headers, socket } = message;
  const given = new Headers();
  for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') given.set(name, value);
  const hasBody = method !== 'GET' && method !== 'HEAD';
  try {
    const told = await hawkbit.handle(
      new Request(`http://${headers.host ?? 'hawkbit'}${url}`, {
        ...{ method, headers: given },
        ...(hasBody ? { body: Readable.toWeb(message) as ReadableStream, duplex: 'half' } : {}),
      }),
    );
    response.writeHead(told.status, Object.fromEntries(told.headers));
    if (told.body === null) response.end();
    else {
      for await (const piece of told.body) {
        if (!response.write(piece)) await new Promise((resolve) => response.once('drain', resolve));
      }
      response.end();
    }
  } catch {
    // There is no answer, or half of one: a fault says so, or the client is gone.
    socket.destroy();
  }
}
