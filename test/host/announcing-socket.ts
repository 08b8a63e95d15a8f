/** Devices that announce themselves by mDNS, as a socket of the host hears them. */
import { createRequire } from 'node:module';
import { SilentSocket } from './silent-socket.ts';

/** The library's own encoder: what a device would send. */
const dnsPacket = createRequire(createRequire(import.meta.url).resolve('multicast-dns'))('dns-packet') as {
  encode(packet: object): Buffer;
  decode(packet: Buffer): { type: string; questions: { name: string; type: string }[] };
};

interface Announcement {
  readonly name: string;
  readonly type: string;
  readonly host?: string;
  readonly port: number;
  readonly addresses: readonly string[];
  /** Null: a key alone. */
  readonly txt?: Readonly<Record<string, string | null>>;
}

export function announce({ name, type, host = 'board.local', port, addresses, txt = {} }: Announcement): Buffer {
  const service = `_${type}._tcp.local`;
  const instance = `${name}.${service}`;
  const lines = Object.entries(txt).map(([key, value]) => (value === null ? key : `${key}=${value}`));
  return dnsPacket.encode({
    type: 'response',
    answers: [{ name: service, type: 'PTR', ttl: 120, data: instance }],
    additionals: [
      { name: instance, type: 'SRV', ttl: 120, data: { port, target: host } },
      { name: instance, type: 'TXT', ttl: 120, data: lines },
      ...addresses.map((data) => ({ name: host, type: data.includes(':') ? 'AAAA' : 'A', ttl: 120, data })),
    ],
  });
}

/** Keeps what is asked. All answers come back at the first question. */
export class AnnouncingSocket extends SilentSocket {
  readonly questions: string[] = [];
  closed = false;
  /** Resolves once every answer has been said, and whoever listens has had its turn. */
  readonly heard: Promise<void>;
  readonly #answers: readonly Buffer[];
  #said: () => void = () => undefined;

  constructor(answers: readonly Buffer[]) {
    super();
    this.#answers = answers;
    this.heard = new Promise((resolve) => {
      this.#said = resolve;
    });
  }

  protected override asked(message: Buffer): void {
    const first = this.questions.length === 0;
    for (const { name } of dnsPacket.decode(message).questions) this.questions.push(name);
    if (!first) return;
    setImmediate(() => {
      for (const answer of this.#answers) this.says(answer);
      setImmediate(this.#said);
    });
  }

  override close(done?: () => void): void {
    this.closed = true;
    super.close(done);
  }
}
