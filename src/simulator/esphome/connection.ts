/** A connection without HTTP, as the device sees it, and both of its ends in memory. */
import { ConnectionDropped } from '../power.ts';

export interface Connection {
  /** Exactly so many bytes. Rejects with `ConnectionDropped` where the other side has gone. */
  read(bytes: number): Promise<Uint8Array<ArrayBuffer>>;
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  close(): void;
  /** Resolves when either side has ended it. */
  readonly gone: Promise<void>;
}

/** One direction. What came before the end can still be read. */
export class Stream {
  #bytes = new Uint8Array(0);
  #ended = false;
  #tell: () => void = () => undefined;

  push(bytes: Uint8Array): void {
    const all = new Uint8Array(this.#bytes.length + bytes.length);
    all.set(this.#bytes);
    all.set(bytes, this.#bytes.length);
    this.#bytes = all;
    this.#tell();
  }

  end(): void {
    this.#ended = true;
    this.#tell();
  }

  get isEnded(): boolean {
    return this.#ended;
  }

  async take(bytes: number): Promise<Uint8Array<ArrayBuffer>> {
    while (this.#bytes.length < bytes) {
      if (this.#ended) throw new ConnectionDropped();
      await new Promise<void>((resolve) => (this.#tell = resolve));
    }
    const taken = this.#bytes.slice(0, bytes);
    this.#bytes = this.#bytes.slice(bytes);
    return taken;
  }
}

/** Both ends of one connection. */
export function pair(): { readonly client: Connection; readonly device: Connection } {
  const [up, down] = [new Stream(), new Stream()];
  let tell: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => (tell = resolve));
  const close = (): void => {
    up.end();
    down.end();
    tell();
  };
  const end = (own: Stream, other: Stream): Connection => ({
    read: (bytes) => own.take(bytes),
    write: (bytes) => {
      if (other.isEnded) return Promise.reject(new ConnectionDropped());
      other.push(bytes);
      return Promise.resolve();
    },
    ...{ close, gone },
  });
  return { client: end(down, up), device: end(up, down) };
}
