import { expect } from 'chai';
import type { Socket } from 'node:dgram';
import { createRequire } from 'node:module';
import { discover, type Found } from '../../../src/host/serve/discover.ts';
import { SilentSocket } from '../silent-socket.ts';

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
}

/** What is asked is kept, and `answers` come back at the first question. */
class FakeSocket extends SilentSocket {
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

function announce({ name, type, host = 'board.local', port, addresses }: Announcement): Buffer {
  const service = `_${type}._tcp.local`;
  const instance = `${name}.${service}`;
  return dnsPacket.encode({
    type: 'response',
    answers: [{ name: service, type: 'PTR', ttl: 120, data: instance }],
    additionals: [
      { name: instance, type: 'SRV', ttl: 120, data: { port, target: host } },
      { name: instance, type: 'TXT', ttl: 120, data: [] },
      ...addresses.map((data) => ({ name: host, type: data.includes(':') ? 'AAAA' : 'A', ttl: 120, data })),
    ],
  });
}

/** Never reached: a look in a test ends when everything was said. */
const HANGS_MS = 60_000;

describe('looking for devices', () => {
  async function look(...answers: Buffer[]): Promise<{ found: readonly Found[]; socket: FakeSocket }> {
    const socket = new FakeSocket(answers);
    const found = await discover({ limitMs: HANGS_MS, heard: socket.heard, socket: socket as unknown as Socket });
    return { found, socket };
  }

  it('asks for ViperHTTP devices and for web servers, then lets go of the socket', async () => {
    const { found, socket } = await look();
    expect(found).to.deep.equal([]);
    expect(socket.questions).to.include.members(['_viperhttp._tcp.local', '_http._tcp.local']);
    expect(socket.closed).to.equal(true);
  });

  it('names what it found, ViperHTTP devices first', async () => {
    const { found } = await look(
      announce({ name: 'A printer', type: 'http', port: 80, addresses: ['192.168.1.7'], host: 'printer.local' }),
      announce({ name: 'Kitchen', type: 'viperhttp', port: 8080, addresses: ['192.168.1.50'] }),
    );
    expect(found).to.deep.equal([
      { name: 'Kitchen', address: 'http://192.168.1.50:8080', viper: true },
      { name: 'A printer', address: 'http://192.168.1.7:80', viper: false },
    ]);
  });

  it('lists a device once that announces itself as both', async () => {
    const { found } = await look(
      announce({ name: 'web', type: 'http', port: 8080, addresses: ['192.168.1.50'] }),
      announce({ name: 'Kitchen', type: 'viperhttp', port: 8080, addresses: ['192.168.1.50'] }),
    );
    expect(found).to.deep.equal([{ name: 'Kitchen', address: 'http://192.168.1.50:8080', viper: true }]);
  });

  it('offers no address that the gateway would not go to', async () => {
    const addresses = ['8.8.8.8', '127.0.0.1', '169.254.169.254', '0.0.0.0'];
    const { found } = await look(announce({ name: 'x', type: 'http', port: 80, addresses }));
    expect(found).to.deep.equal([]);
  });

  it('takes names for text, without what would disguise them', async () => {
    const { found } = await look(
      announce({ name: '<b>\u202ekitchen\u0007</b>', type: 'viperhttp', port: 8080, addresses: ['10.0.0.9'] }),
    );
    expect(found.map(({ name }) => name)).to.deep.equal(['<b>kitchen</b>']);
  });

  it('survives what is no DNS', async () => {
    const { found } = await look(Buffer.from('garbage'), Buffer.alloc(0), Buffer.alloc(1_000, 0xff));
    expect(found).to.deep.equal([]);
  });
});
