import { expect } from 'chai';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { onNth } from '../../../src/simulator/faults.ts';
import type { DeviceOptions } from '../../../src/simulator/options.ts';
import { GENEROUS_REQUEST_BYTES, REQUESTS_PER_CONNECTION } from '../../../src/simulator/server/server-limits.ts';
import { image } from '../bench.ts';
import { OnSocket } from '../on-socket.ts';

describe('A connection to a simulated device', () => {
  let at: OnSocket;

  beforeEach(async () => {
    at = await OnSocket.start();
  });

  afterEach(() => at.stop());

  /** Replaces the device from here on. */
  async function insteadStart(options: Partial<DeviceOptions>): Promise<void> {
    await at.stop();
    at = await OnSocket.start(options);
  }

  async function statusOf(request: string): Promise<number | undefined> {
    return (await at.answerTo(request))?.status;
  }

  it(`closes a connection after ${REQUESTS_PER_CONNECTION} requests, and says so`, async () => {
    expect(REQUESTS_PER_CONNECTION).to.equal(16);
    const said: (string | undefined)[] = [];
    for (let i = 0; i < REQUESTS_PER_CONNECTION + 1; i += 1) {
      said.push((await at.send('GET', '/ota/status')).headers.connection);
    }
    const open = Array.from({ length: REQUESTS_PER_CONNECTION - 1 }, () => 'keep-alive');
    expect(said).to.deep.equal([...open, 'close', 'keep-alive']);
  });

  describe('takes one request of 4,096 bytes', () => {
    const head = 'POST /ota/chunk HTTP/1.1\r\nContent-Length: ';
    const room = 4096 - head.length - '4000\r\n\r\n'.length;

    it('to the byte, and answers 413 to one more, without waiting for the rest of it', async () => {
      expect(await statusOf(`${head}${room}\r\n\r\n${'x'.repeat(room)}`)).to.equal(409);
      const connection = await at.raw();
      // One digit more than above.
      connection.send(`${head}60000\r\n\r\n${'x'.repeat(room - 2)}`);
      // The buffer is one byte too small, which does not show yet.
      await at.send('GET', '/ota/status');
      connection.send('xx');
      const answer = await connection.answer();
      expect([answer?.status, answer?.body, answer?.headers['connection']]).to.deep.equal([
        413,
        'Payload Too Large',
        'close',
      ]);
      await connection.ended();
      connection.close();
      expect(at.device.requests.map(({ status, bytes }) => [status, bytes])).to.deep.equal([
        [409, room],
        [200, 0],
        [413, 60_000],
      ]);
    });

    it('also where an HTTP client sends much more: it reads the 413 and not a broken connection', async () => {
      const answer = await at.send('POST', '/ota/chunk', new Uint8Array(2_000_000));
      expect([answer.status, answer.text, answer.headers.connection]).to.deep.equal([
        413,
        'Payload Too Large',
        'close',
      ]);
      expect((await at.send('GET', '/ota/status')).status).to.equal(200);
    });

    it('and a head that alone is larger is refused before it ends', async () => {
      expect(await statusOf(`GET /ota/status HTTP/1.1\r\nX: ${'a'.repeat(5000)}`)).to.equal(413);
    });

    it('or as much as its buffer holds, where it was built with a larger one', async () => {
      await insteadStart({ requestBytes: GENEROUS_REQUEST_BYTES });
      await at.send('POST', '/ota/begin');
      const answers = [
        await at.send('POST', '/ota/chunk', image(65_536)),
        await at.send('POST', '/ota/chunk', image(65_537)),
      ];
      expect(answers.map(({ status }) => status)).to.deep.equal([200, 413]);
      expect(at.device.session?.written).to.equal(65_536);
    });
  });

  it('refuses what its parser does not know, and goes on serving others', async () => {
    for (const [request, status] of [
      ['GET /ota/status HTTP/1.0\r\n\r\n', 400],
      ['GET /ota/status\r\n\r\n', 400],
      ['hello world\r\n', 400],
      ['GET /ota/status HTTP/1.1\r\nno colon\r\n', 400],
      ['POST /ota/begin HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n', 400],
      ['POST /ota/begin HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}', 400],
      ['POST /ota/begin HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n', 400],
      ['POST /ota/begin HTTP/1.1\r\nContent-Length: 65537\r\n\r\n', 413],
      ['TRACE /ota/status HTTP/1.1\r\n\r\n', 405],
      ['CONNECT device:443 HTTP/1.1\r\n\r\n', 405],
      ['get /ota/status HTTP/1.1\r\n\r\n', 405],
      ['BREW /pot HTTP/1.1\r\n\r\n', 405],
    ] as const) {
      expect(await statusOf(request), request).to.equal(status);
    }
    expect((await at.send('GET', '/ota/status')).status).to.equal(200);
  });

  it('says "OK" behind the statuses whose phrase its server does not know', async () => {
    await insteadStart({ token: 'secret' });
    const phrases: unknown[] = [];
    for (const [method, path] of [
      ['GET', '/nothing-here'],
      ['GET', '/ota/status'],
      ['TRACE', '/ota/status'],
    ] as const) {
      const answer = await at.answerTo(`${method} ${path} HTTP/1.1\r\n\r\n`);
      phrases.push([answer?.status, answer?.phrase]);
    }
    expect(phrases).to.deep.equal([
      [200, 'OK'],
      [401, 'OK'],
      [405, 'Method Not Allowed'],
    ]);
  });

  it('answers requests that come in one piece one after another, and one that comes in pieces', async () => {
    const connection = await at.raw();
    const ask = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
    connection.send(ask('/ota/status') + ask('/nothing-here'));
    expect((await connection.answer())?.headers['content-type']).to.equal('application/json');
    expect((await connection.answer())?.body).to.equal('');
    for (const byte of ask('/ota/status')) connection.send(byte);
    expect((await connection.answer())?.status).to.equal(200);
    connection.close();
  });

  it('sends ten megabytes of garbage without keeping them, and stops when the client reads no more', async () => {
    at.device.fault = onNth('status', 1, { kind: 'garbage', answer: 'huge' });
    const sent = httpRequest(`${at.served.origin}/ota/status`, { agent: at.agent });
    sent.end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    expect(answer.headers['content-length']).to.equal(undefined);
    const [first] = (await once(answer, 'data')) as [Buffer];
    expect(first.toString('latin1')).to.match(/^\{"detail":"aaa/);
    answer.destroy();
    expect((await at.send('GET', '/ota/status')).status).to.equal(200);
  });
});
