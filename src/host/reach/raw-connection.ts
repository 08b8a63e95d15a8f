/** A connection to a device that speaks no HTTP, over Node's sockets. */
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import type { RawConnection } from '../../model/device/raw-connection.ts';

/** What a device says at a time is some hundred bytes; what it sends beyond that unasked is no answer. */
const MOST_BYTES = 64 * 1024;

/** @param host an address, or a name that this machine resolves. Rejects with Node's error where nobody is there. */
export async function rawConnection(host: string, port: number, signal: AbortSignal): Promise<RawConnection> {
  const socket = connect({ host, port, noDelay: true });
  const connection = connectionOn(socket, signal);
  if (!signal.aborted) await once(socket, 'connect');
  return connection;
}

/** One that is there already, or on its way. */
export function connectionOn(socket: Socket, signal: AbortSignal): RawConnection {
  const heard = new Heard();
  const end = (error: Error): void => {
    heard.end(error);
    socket.destroy();
  };
  socket.on('data', (bytes) => {
    if (heard.push(bytes) > MOST_BYTES) end(new Error('more than anybody asked for'));
  });
  socket.on('error', end);
  socket.on('close', () => heard.end(new Error('the connection was closed')));
  const giveUp = (): void => end(new Error('given up'));
  signal.addEventListener('abort', giveUp, { once: true });
  socket.once('close', () => signal.removeEventListener('abort', giveUp));
  if (signal.aborted) giveUp();
  return {
    read: (bytes) => heard.take(bytes),
    write: async (bytes) => {
      if (heard.ended !== null) throw heard.ended;
      // A view: the image is not copied.
      await new Promise<void>((resolve, reject) => {
        socket.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), (error) =>
          error instanceof Error ? reject(error) : resolve(),
        );
      });
    },
    close: () => void socket.destroy(),
  };
}

/** What came, until it is asked for. What came before the end can still be read. */
class Heard {
  ended: Error | null = null;
  #bytes = Buffer.alloc(0);
  #tell: () => void = () => undefined;

  /** @returns how much waits to be read */
  push(bytes: Buffer): number {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    this.#tell();
    return this.#bytes.length;
  }

  end(error: Error): void {
    this.ended ??= error;
    this.#tell();
  }

  async take(bytes: number): Promise<Uint8Array<ArrayBuffer>> {
    while (this.#bytes.length < bytes) {
      if (this.ended !== null) throw this.ended;
      await new Promise<void>((resolve) => (this.#tell = resolve));
    }
    const taken = new Uint8Array(this.#bytes.subarray(0, bytes));
    this.#bytes = this.#bytes.subarray(bytes);
    return taken;
  }
}
