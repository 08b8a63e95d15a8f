import { expect } from 'chai';
import type { Socket } from 'node:dgram';
import { createRequire } from 'node:module';
import { heardByMdns } from '../../../src/host/reach/heard-by-mdns.ts';
import { SilentSocket } from '../silent-socket.ts';

/** The library's own encoder: what a device would send. */
const dnsPacket = createRequire(createRequire(import.meta.url).resolve('multicast-dns'))('dns-packet') as {
  encode(packet: object): Buffer;
};

/** What its packets come from (`SilentSocket`). */
const DEVICE = '192.168.1.9';
/** Never reached: a device answers at the first question. */
const HANGS_MS = 60_000;

class Announcing extends SilentSocket {
  closed = false;
  readonly #answers: readonly Buffer[];
  readonly #said: () => void;

  constructor(answers: readonly Buffer[], said: () => void = () => undefined) {
    super();
    this.#answers = answers;
    this.#said = said;
  }

  protected override asked(): void {
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

function announced(node: string, txt: readonly string[]): Buffer {
  const service = '_esphomelib._tcp.local';
  const instance = `${node}.${service}`;
  return dnsPacket.encode({
    type: 'response',
    answers: [{ name: service, type: 'PTR', ttl: 120, data: instance }],
    additionals: [
      { name: instance, type: 'SRV', ttl: 120, data: { port: 6053, target: `${node}.local` } },
      { name: instance, type: 'TXT', ttl: 120, data: txt },
      { name: `${node}.local`, type: 'A', ttl: 120, data: DEVICE },
    ],
  });
}

describe('what an ESPHome device announces', () => {
  const own = announced('kitchen', ['version=2026.6.5', 'config_hash=1a2b3c4d', 'platform=ESP32', 'flag']);

  it('is heard from its own address, and the socket is let go of', async () => {
    const socket = new Announcing([own]);
    const options = { limitMs: HANGS_MS, signal: new AbortController().signal, socket: socket as unknown as Socket };
    expect(await heardByMdns(DEVICE, options)).to.deep.equal({
      ...{ name: 'kitchen', port: '6053', version: '2026.6.5', platform: 'ESP32' },
      config_hash: '1a2b3c4d',
    });
    expect(socket.closed).to.equal(true);
  });

  it('counts for nothing where another device says it', async () => {
    const over = new AbortController();
    const socket = new Announcing([own], () => over.abort());
    const options = { limitMs: HANGS_MS, signal: over.signal, socket: socket as unknown as Socket };
    expect(await heardByMdns('192.168.1.10', options)).to.equal(null);
    expect(socket.closed).to.equal(true);
  });
});
