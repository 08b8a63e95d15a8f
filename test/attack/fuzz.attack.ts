/** Everything that reads bytes of somebody else's, for as long as a coffee break lasts. */
import { expect } from 'chai';
import fc from 'fast-check';
import type { Socket } from 'node:dgram';
import { connect, createServer, type AddressInfo, type Server, type TcpNetConnectOpts } from 'node:net';
import { parseAddress } from '../../src/device/address.ts';
import { parseAnswer } from '../../src/device/answer.ts';
import { readOpenApi } from '../../src/device/viperhttp/openapi.ts';
import { inspect } from '../../src/firmware/inspect.ts';
import { discover } from '../../src/host/serve/discover.ts';
import { readTarget } from '../../src/host/gateway/target.ts';
import { openFromLink, sealForLink } from '../../src/storage/vault/handed-token.ts';
import { readBackup, writeBackup } from '../../src/storage/backup.ts';
import { isBlank } from '../../src/model/device/plain-names.ts';
import { placeIn } from '../../src/ui/shell/routes.ts';
import { buildApp } from '../firmware/image-builder.ts';
import { SilentSocket } from '../host/silent-socket.ts';
import { call, LAN_ADDRESS, testHost, type TestHost } from '../host/test-host.ts';
import { fuzz } from './budget.ts';
import { damaged } from './damaged.ts';

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
        if (read.kind !== 'target') return;
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
          if (read.kind !== 'address') return;
          const { protocol, origin, username, password } = new URL(read.origin);
          expect(protocol).to.be.oneOf(['http:', 'https:']);
          expect(origin).to.equal(read.origin);
          expect(username + password).to.equal('');
        },
      ),
    );
  });

  it('are a place in the page, or its devices', async () => {
    const good = [
      '#/add?name=Kitchen&address=192.168.1.50&token=abc',
      '#/add?name=Kitchen&address=192.168.1.50&sealed=AbCd-_09&header=X-OTA-Token',
      '#pair=K7QM4XTR2W',
      '#/history?device=7',
    ];
    await fuzz(
      fc.property(fc.oneof(fc.string(), ...good.map(damaged)), (hash) => {
        const { route, adding, pairing } = placeIn(hash);
        expect(route).to.be.oneOf(['devices', 'rollout', 'firmware', 'history', 'more']);
        // What fills in a device pairs nobody, and the other way round.
        expect(adding === null || pairing === null).to.equal(true);
        for (const said of Object.values(adding ?? {})) expect(said).to.be.a('string');
      }),
    );
  });

  it('are a token under a short code, or open nothing', async () => {
    const place = 'http://192.168.1.50:8080/ota';
    const token = 'ab'.repeat(32);
    const { sealed, code } = await sealForLink(QUICK, token, place);
    const links = fc.oneof(fc.string(), fc.base64String(), damaged(sealed));
    const codes = fc.oneof(fc.constant(code), fc.string({ unit: 'binary' }), damaged(code));
    await fuzz(
      fc.asyncProperty(links, codes, damaged(place), async (link, typed, where) => {
        const opened = await openFromLink(QUICK, link, typed, where);
        if (opened !== null) expect([opened, where]).to.deep.equal([token, place]);
      }),
    );
  });

  it('are a backup, or are refused whole', async () => {
    const originOf = (typed: string): string | null => {
      const read = parseAddress(typed);
      return read.kind === 'address' ? read.origin : null;
    };
    const written = await writeBackup([], null, { subtle: crypto.subtle, now: 0 });
    if (written.kind !== 'written') throw new Error('no backup');
    const device = `{"id":"a","name":"Kitchen","typed":"kitchen","origin":"http://kitchen","prefix":"/ota"}`;
    const good = [written.text, written.text.replace('[]', `[${device}]`)];
    await fuzz(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json(), ...good.map(damaged)), async (text) => {
        const read = await readBackup(text, { subtle: crypto.subtle, now: 0, devices: [], passphrase: null, originOf });
        if (read.kind === 'read') for (const one of read.plan.add) expect(originOf(one.typed)).to.equal(one.origin);
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
        const socket = new FuzzedSocket();
        const heard = socket.receive(packets);
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

describe('Foreign bytes to the routes that pair', function () {
  this.timeout(600_000);
  let host: TestHost;
  let paired = 0;
  before(async () => {
    host = await testHost({
      lan: { port: 0, addresses: () => [LAN_ADDRESS], names: ['bench.local'], now: () => Date.now() },
      paired: () => (paired += 1),
    });
  });
  after(() => host.stop());

  /** From an address of its own each, or all but thirty a minute would be slowed down and not read. */
  let asked = 0;
  const fromNobody = (text: string): Promise<string> => {
    asked += 1;
    const localAddress = `127.${100 + ((asked >> 14) % 100)}.${(asked >> 7) % 128}.${1 + (asked % 128)}`;
    return heard({ host: LAN_ADDRESS, port: host.port, localAddress }, text);
  };
  const request = (route: string, head: string, body: string): string =>
    `${route} HTTP/1.1\r\nHost: ${LAN_ADDRESS}:${host.port}\r\nOrigin: http://${LAN_ADDRESS}:${host.port}\r\n` +
    `Connection: close\r\n${head}Content-Length: ${Buffer.byteLength(body, 'latin1')}\r\n\r\n${body}`;
  /** What was logged since it was asked last. */
  let read = 0;
  const logged = (): string => {
    const lines = host.log.slice(read).join('');
    read = host.log.length;
    return lines;
  };
  const stillServes = async (): Promise<void> => {
    expect((await call({ port: host.port, path: '/' })).status).to.equal(200);
  };

  it('pair with the right code alone, and tell no code to the log', async () => {
    const bodies = fc.oneof(fc.json(), fc.string(), damaged('{"code":"CODE"}'), damaged('{"code":"code-CODE"}'));
    const types = fc.constantFrom('application/json', 'text/plain', 'application/x-www-form-urlencoded', '');
    await fuzz(
      fc.asyncProperty(bodies, types, async (body, type) => {
        const [code, before] = [host.host.pairingCode() ?? '', paired];
        const said = body.replace('CODE', code);
        const answer = await fromNobody(request('POST /pair', type === '' ? '' : `Content-Type: ${type}\r\n`, said));
        const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
        expect(status, `“${answer}” to “${said}”`).to.be.oneOf([200, 400, 403, 409, 413, 415]);
        expect(paired - before).to.equal(status === 200 ? 1 : 0);
        if (status === 200) expect(said).to.contain(code);
        const lines = logged();
        expect(lines).not.to.contain('"level":50');
        // A random text may hold anything, but not the code that stood in it.
        if (said.includes(code)) expect(lines).not.to.contain(code);
        await stillServes();
      }),
    );
  });

  it('show neither codes nor paired browsers to a browser that is not paired', async () => {
    const routes = fc.oneof(
      ...['POST /pair/code', 'GET /clients', 'DELETE /clients/01234567', 'POST /pair'].map((good) => damaged(good)),
    );
    const heads = fc.oneof(
      fc.constant(''),
      damaged('Moult-Key: AAAAAAAAAAAAAAAAAAAAAA\r\n'),
      damaged('Sec-Fetch-Site: same-origin\r\nX-Moult: 1\r\n'),
    );
    await fuzz(
      fc.asyncProperty(routes, heads, async (route, head) => {
        const answer = await fromNobody(request(route, head, ''));
        expect(answer).not.to.match(/\{"(code|clients|key)"/);
        expect(answer).not.to.match(/^HTTP\/1\.1 5/);
        expect(logged()).not.to.contain('"level":50');
        await stillServes();
      }),
    );
  });
});

/** With one round where a phone has 600,000: what is tried here is the reading, not the cost. */
const QUICK = {
  importKey: crypto.subtle.importKey.bind(crypto.subtle),
  encrypt: crypto.subtle.encrypt.bind(crypto.subtle),
  decrypt: crypto.subtle.decrypt.bind(crypto.subtle),
  deriveKey: (
    algorithm: Pbkdf2Params,
    ...rest: Parameters<SubtleCrypto['deriveKey']> extends [unknown, ...infer R] ? R : never
  ) => crypto.subtle.deriveKey({ ...algorithm, iterations: 1 }, ...rest),
} as SubtleCrypto;

/** Milliseconds that an answer may take before its client hangs up: a file is written for it. */
const ANSWER_MS = 2_000;

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

/** Says `text`, and what the other side said until that hung up. */
function heard(to: TcpNetConnectOpts, text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(to);
    // Node's server answers nobody who has hung up.
    const timer = setTimeout(() => socket.end(), ANSWER_MS);
    socket.on('error', () => undefined);
    socket.on('data', (part: Buffer) => (answer += part.toString('latin1')));
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(answer);
    });
    socket.write(text, 'latin1');
  });
}

/** A socket that hears these packets in answer to its first question. */
class FuzzedSocket extends SilentSocket {
  #asked: () => void = () => undefined;

  /** Resolves when all was said, after the first question. */
  async receive(packets: readonly Uint8Array[]): Promise<void> {
    await new Promise<void>((resolve) => (this.#asked = resolve));
    for (const packet of packets) this.says(Buffer.from(packet));
    await new Promise((resolve) => setImmediate(resolve));
  }

  protected override asked(): void {
    this.#asked();
  }
}
