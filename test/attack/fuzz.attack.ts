/** Everything that reads bytes of somebody else's, for as long as a coffee break lasts. */
import { expect } from 'chai';
import fc from 'fast-check';
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:dgram';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { parseAddress } from '../../src/device/address.ts';
import { parseAnswer } from '../../src/device/answer.ts';
import { readOpenApi } from '../../src/device/viperhttp/openapi.ts';
import { inspect } from '../../src/firmware/inspect.ts';
import { discover } from '../../src/host/serve/discover.ts';
import { readTarget } from '../../src/host/gateway/target.ts';
import { readBackup, writeBackup } from '../../src/storage/backup.ts';
import { isBlank } from '../../src/model/plain-names.ts';
import { placeIn } from '../../src/ui/shell/routes.ts';
import { buildApp } from '../firmware/image-builder.ts';
import { call, testHost, type TestHost } from '../host/test-host.ts';
import { fuzz } from './budget.ts';

/** A good one with some of it put out, put in twice, or put in its place. */
function damaged(good: string): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\r\n', '..', '%2e', '@', '#', '?', ' ', '\0', '//', ':', '['),
  );
  const change = fc.record({ at: fc.nat({ max: good.length }), drops: fc.nat({ max: 12 }), piece });
  return fc
    .array(change, { maxLength: 4 })
    .map((changes) =>
      changes.reduce((text, { at, drops, piece: put }) => text.slice(0, at) + put + text.slice(at + drops), good),
    );
}

function damagedBytes(good: Uint8Array): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const change = fc.record({
    at: fc.nat({ max: good.length }),
    drops: fc.nat({ max: 64 }),
    put: fc.uint8Array({ maxLength: 64 }),
  });
  return fc
    .array(change, { maxLength: 6 })
    .map((changes) =>
      changes.reduce<Uint8Array<ArrayBuffer>>(
        (bytes, { at, drops, put }) =>
          new Uint8Array([...bytes.subarray(0, at), ...put, ...bytes.subarray(at + drops)]),
        new Uint8Array(good),
      ),
    );
}

describe('Foreign bytes', function () {
  this.timeout(600_000);

  it('name no other device to the gateway than a browser would read in them', async () => {
    const good = [
      '/device/http/192.168.1.50:8080/ota/status',
      '/device/https/board.local:443/a/b/chunk?offset=4096',
      '/device/http/[fe80::1]:80/openapi.json',
    ];
    const urls = fc.oneof(fc.string(), ...good.map(damaged));
    await fuzz(
      fc.property(fc.constantFrom('GET', 'POST', 'PUT', 'get'), urls, (method, url) => {
        const read = readTarget(method, url);
        if (!read.ok) return;
        const { scheme, host, port, path, method: asked } = read.target;
        const shown = host.includes(':') ? `[${host}]` : host;
        const meant = new URL(`${scheme}://${shown}:${port}${path}`);
        expect(meant.pathname + meant.search, 'nothing is left for a parser to change').to.equal(path);
        expect(Number(meant.port === '' ? (scheme === 'https' ? 443 : 80) : meant.port)).to.equal(port);
        expect([meant.username, meant.password, meant.hash]).to.deep.equal(['', '', '']);
        expect(asked).to.equal(method);
      }),
    );
  });

  it('are an answer of a device, or none', async () => {
    const good =
      '{"supported":true,"session":{"id":3,"active":true,"partition":{"label":"ota_1"},"written_bytes":4096}}';
    const texts = fc.oneof(fc.string(), fc.json(), damaged(good));
    await fuzz(
      fc.property(fc.integer({ min: 100, max: 599 }), texts, fc.boolean(), (status, text, truncated) => {
        const answer = parseAnswer(status, text, truncated, 'application/json');
        readOpenApi(answer);
      }),
    );
  });

  it('are an address of a device, or none', async () => {
    await fuzz(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          ...['http://192.168.1.50:8080/ota', 'board.local', '[fe80::1]:80'].map(damaged),
        ),
        (typed) => {
          const read = parseAddress(typed);
          if (!read.ok) return;
          const { protocol, origin, username, password } = new URL(read.origin);
          expect(protocol).to.be.oneOf(['http:', 'https:']);
          expect(origin).to.equal(read.origin);
          expect(username + password).to.equal('');
        },
      ),
    );
  });

  it('are a place in the page, or its devices', async () => {
    const good = ['#/add?name=Kitchen&address=192.168.1.50&token=abc', '#pair=K7QM4XTR2W', '#/history?device=7'];
    await fuzz(fc.property(fc.oneof(fc.string(), ...good.map(damaged)), (hash) => void placeIn(hash)));
  });

  it('are a backup, or are refused whole', async () => {
    const originOf = (typed: string): string | null => {
      const read = parseAddress(typed);
      return read.ok ? read.origin : null;
    };
    const written = await writeBackup([], null, { subtle: crypto.subtle, now: 0 });
    if (!written.ok) throw new Error('no backup');
    const device = `{"id":"a","name":"Kitchen","typed":"kitchen","origin":"http://kitchen","prefix":"/ota"}`;
    const good = [written.text, written.text.replace('[]', `[${device}]`)];
    await fuzz(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json(), ...good.map(damaged)), async (text) => {
        const read = await readBackup(text, { subtle: crypto.subtle, now: 0, devices: [], passphrase: null, originOf });
        if (!read.ok) expect(read.why).to.be.a('string');
        else for (const one of read.plan.add) expect(originOf(one.typed)).to.equal(one.origin);
      }),
    );
    expect(Object.keys({}), 'no prototype was touched').to.deep.equal([]);
  });

  it('are a firmware file, or are said not to be one', async () => {
    const app = buildApp({ sizeBytes: 4096, version: '1.0.0' });
    const zip = new Uint8Array([0x50, 0x4b, 3, 4, ...app.subarray(0, 512)]);
    await fuzz(
      fc.asyncProperty(
        fc.oneof(fc.uint8Array({ maxLength: 4096 }), damagedBytes(app), damagedBytes(zip)),
        async (bytes) => {
          const { verdict } = await inspect(bytes);
          expect(verdict).to.be.a('string');
        },
      ),
    );
  });

  it('introduce no device by mDNS that is not on a private network, or has no name', async () => {
    await fuzz(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 512 }), { maxLength: 8 }), async (packets) => {
        const socket = new Deaf();
        const heard = socket.hear(packets);
        for (const { name, address } of await discover({ limitMs: 1000, heard, socket: socket as unknown as Socket })) {
          expect(isBlank(name), JSON.stringify(name)).to.equal(false);
          expect(new URL(address).protocol).to.equal('http:');
        }
      }),
    );
  });

  describe('to and from the gateway', () => {
    let host: TestHost;
    let device: Server;
    let says: Uint8Array = new Uint8Array();
    before(async () => {
      device = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => socket.end(says));
      });
      await new Promise<void>((resolve) => device.listen(0, '127.0.0.1', resolve));
      host = await testHost({ logLevel: 'silent', gatewayRate: { max: 1_000_000_000, timeWindow: 1_000 } });
    });
    after(async () => {
      await host.stop();
      await new Promise((resolve) => device.close(resolve));
    });

    it('come back as data that runs nowhere, with no header of the device’s', async () => {
      const good =
        'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nSet-Cookie: a=b\r\nX-Device: yes\r\nContent-Length: 2\r\n\r\n{}';
      const port = (device.address() as AddressInfo).port;
      await fuzz(
        fc.asyncProperty(fc.oneof(damaged(good), fc.string({ unit: 'binary' })), async (text) => {
          says = Buffer.from(text, 'latin1');
          const answer = await call({
            port: host.port,
            path: `/device/http/127.0.0.1:${port}/ota/status`,
            headers: { 'sec-fetch-site': 'same-origin', 'x-moult': '1' },
          });
          expect(answer.status).to.be.within(200, 599);
          expect(answer.headers).not.to.have.any.keys('set-cookie', 'x-device', 'location', 'refresh');
          expect(answer.headers['content-security-policy']).to.contain("default-src 'none'").and.contain('sandbox');
          expect(answer.headers['x-content-type-options']).to.equal('nosniff');
        }),
      );
    });

    it('end, whatever they ask of the host, and it goes on', async () => {
      const good = `POST /device/http/127.0.0.1:1/ota/begin HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nContent-Length: 2\r\n\r\n{}`;
      await fuzz(
        fc.asyncProperty(fc.oneof(damaged(good), fc.string({ unit: 'binary' })), async (text) => {
          await told(host.port, text);
          expect((await call({ port: host.port, path: '/' })).status).to.equal(200);
        }),
      );
    });
  });
});

/** Says `text` and hangs up; resolves when the other side has, too. */
function told(port: number, text: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('error', () => undefined);
    socket.on('data', () => undefined);
    socket.on('close', () => resolve());
    socket.end(text, 'latin1');
  });
}

/** A UDP socket that goes nowhere, and hears what it is told. */
class Deaf extends EventEmitter {
  readonly setMulticastTTL = (): void => undefined;
  readonly setMulticastLoopback = this.setMulticastTTL;
  readonly setMulticastInterface = this.setMulticastTTL;
  readonly addMembership = this.setMulticastTTL;
  readonly dropMembership = this.setMulticastTTL;
  #asked: () => void = () => undefined;

  /** Resolves when all was said, after the first question. */
  async hear(packets: readonly Uint8Array[]): Promise<void> {
    await new Promise<void>((resolve) => (this.#asked = resolve));
    for (const packet of packets) this.emit('message', Buffer.from(packet), { address: '192.168.1.9', port: 5353 });
    await new Promise((resolve) => setImmediate(resolve));
  }

  bind(_port: number, _address: unknown, done: () => void): void {
    setImmediate(() => {
      this.emit('listening');
      done();
    });
  }

  address(): object {
    return { address: '0.0.0.0', family: 'IPv4', port: 5353 };
  }

  send(_message: Buffer, _offset: number, _length: number, _port: number, _address: string, done?: () => void): void {
    done?.();
    this.#asked();
  }

  close(done?: () => void): void {
    done?.();
  }
}
