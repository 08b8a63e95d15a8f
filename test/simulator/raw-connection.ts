/** A plain connection: bytes out, answers in. No HTTP client changes what is sent or what comes back. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly phrase: string;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Latin-1. */
  readonly body: string;
}

export class RawConnection {
  readonly socket: Socket;
  #received = '';
  #hasEnded = false;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (part: string) => {
      this.#received += part;
      this.#wake();
    });
    // An answer that was cut off by a reset connection is told by what is missing.
    socket.on('error', () => undefined);
    for (const end of ['end', 'close'] as const) {
      socket.on(end, () => {
        this.#hasEnded = true;
        this.#wake();
      });
    }
  }

  static async open(port: number): Promise<RawConnection> {
    const connection = new RawConnection(connect(port, '127.0.0.1'));
    await once(connection.socket, 'connect');
    return connection;
  }

  send(bytes: string | Uint8Array): void {
    this.socket.write(bytes, 'latin1');
  }

  /** The next whole answer; null where the connection ends without one. */
  async answer(method = 'GET'): Promise<RawAnswer | null> {
    for (;;) {
      const answer = this.#take(method);
      if (answer !== null || this.#hasEnded) return answer;
      await this.#more();
    }
  }

  /** Resolves when the device has closed its side. */
  async ended(): Promise<void> {
    while (!this.#hasEnded) await this.#more();
  }

  close(): void {
    this.socket.destroy();
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #take(method: string): RawAnswer | null {
    const end = this.#received.indexOf('\r\n\r\n');
    if (end < 0) return null;
    const [first = '', ...lines] = this.#received.slice(0, end).split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    );
    const at = end + '\r\n\r\n'.length;
    const length = method === 'HEAD' ? 0 : Number(headers['content-length'] ?? 0);
    if (this.#received.length < at + length) return null;
    const body = this.#received.slice(at, at + length);
    this.#received = this.#received.slice(at + length);
    const [, status = '', ...phrase] = first.split(' ');
    return { status: Number(status), phrase: phrase.join(' '), headers, body };
  }
}
