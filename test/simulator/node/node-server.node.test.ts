import { expect } from 'chai';
import { serveDevice } from '../../../src/simulator/node/node-server.ts';
import { onNth, type Fault } from '../../../src/simulator/faults.ts';
import { IDLE_MS, KEEP_ALIVE_IDLE_MS, MAX_CONNECTIONS } from '../../../src/simulator/server/server-limits.ts';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import { image } from '../bench.ts';
import { OnSocket, failure } from '../on-socket.ts';
import type { RawConnection } from '../raw-connection.ts';

describe('A simulated device on a socket', () => {
  let at: OnSocket;

  beforeEach(async () => {
    at = await OnSocket.start();
  });

  afterEach(() => at.stop());

  /** Replaces the device from here on. */
  async function insteadStart(...options: Parameters<typeof OnSocket.start>): Promise<void> {
    await at.stop();
    at = await OnSocket.start(...options);
  }

  it('carries a whole update, byte for byte', async () => {
    const bytes = image(150_000);
    await at.send('POST', '/ota/begin', JSON.stringify({ expected_size: bytes.length }));
    for (let offset = 0; offset < bytes.length; offset += 3840) {
      const chunk = bytes.subarray(offset, offset + 3840);
      const answer = await at.send('POST', `/ota/chunk?offset=${offset}`, chunk);
      expect(answer.status, answer.text).to.equal(200);
    }
    expect(await failure(at.send('POST', '/ota/finalize', '{"reboot": true}'))).to.equal('ECONNRESET');
    const status = JSON.parse((await at.send('GET', '/ota/status')).text) as { running_partition: { label: string } };
    expect(status.running_partition.label).to.equal('ota_1');
    expect(at.device.runningImage).to.deep.equal(bytes);
  });

  it(`has ${MAX_CONNECTIONS} connections; one more is told at once that the server is busy`, async () => {
    expect(MAX_CONNECTIONS).to.equal(24);
    const held: RawConnection[] = [];
    for (let i = 0; i < MAX_CONNECTIONS; i += 1) held.push(await at.raw());
    const late = await at.raw();
    const answer = await late.answer();
    expect([answer?.status, answer?.phrase, answer?.body]).to.deep.equal([503, 'Service Unavailable', 'Server Busy']);
    await late.ended();
    for (const connection of held) connection.close();
  });

  describe('closes idle connections', () => {
    const NEVER = 600_000;
    const STATUS = 'GET /ota/status HTTP/1.1\r\n\r\n';

    it('after 5 s without a byte, and after 10 s where they were used', () => {
      expect([IDLE_MS, KEEP_ALIVE_IDLE_MS]).to.deep.equal([5000, 10_000]);
    });

    it('that brought no byte, by the one limit', async () => {
      await insteadStart({}, { idle: { freshMs: 1, usedMs: NEVER } });
      await (await at.raw()).ended();
    });

    it('that were used, by the other', async () => {
      await insteadStart({}, { idle: { freshMs: NEVER, usedMs: 1 } });
      const connection = await at.raw();
      connection.send(STATUS);
      expect((await connection.answer())?.status).to.equal(200);
      await connection.ended();
    });

    it('but never one that has sent half a request', async () => {
      await insteadStart({}, { idle: { freshMs: NEVER, usedMs: 1 } });
      const half = await at.raw();
      half.send(`${STATUS}POST /ota/begin HTTP/1.1\r\nContent-Length: 2\r\n\r\n{`);
      expect((await half.answer())?.status).to.equal(200);
      // Other connections come, are answered, and time out meanwhile.
      for (let i = 0; i < 20; i += 1) {
        const whole = await at.raw();
        whole.send(STATUS);
        await whole.ended();
      }
      half.send('}');
      expect((await half.answer())?.status).to.equal(200);
      await half.ended();
    });
  });

  it('ends the connection without an answer where the device does', async () => {
    at.device.fault = onNth('status', 1, { kind: 'drop', when: 'before' });
    expect(await failure(at.send('GET', '/ota/status'))).to.equal('ECONNRESET');
    expect((await at.send('GET', '/ota/status')).status).to.equal(200);
  });

  it('tells the device when the client gives up', async () => {
    const hang: Fault = { kind: 'hang', when: 'before' };
    const asked = new Promise<void>((resolve) => {
      at.device.fault = (info) => {
        resolve();
        return info.route === 'status' ? hang : null;
      };
    });
    const client = new AbortController();
    const answer = failure(at.send('GET', '/ota/status', undefined, client.signal));
    await asked;
    client.abort();
    expect(await answer).to.equal('ABORT_ERR');
    while (at.device.requests[0]?.status === 'open') await new Promise((resolve) => setImmediate(resolve));
    expect(at.device.requests[0]?.status).to.equal('given up');
  });

  it('takes no connection while the device is away, and its idle connections end with it', async () => {
    const idle = await at.raw();
    at.device.switchOff();
    await idle.ended();
    expect(await failure(at.send('GET', '/ota/status'))).to.equal('ECONNRESET');
    at.device.restart(0);
    expect((await at.send('GET', '/ota/status')).status).to.equal(200);
  });

  it('sends the yes to a documented finalize before the connection is lost', async () => {
    await insteadStart({ dialect: 'documented' });
    const bytes = image(10);
    const hash = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
    await at.send('POST', '/ota/begin', JSON.stringify({ size: bytes.length }));
    await at.send('POST', '/ota/write', bytes);
    const answer = await at.send('POST', '/ota/finalize', JSON.stringify({ sha256: hash }));
    expect([answer.status, answer.headers.connection]).to.deep.equal([200, 'close']);
    expect([at.device.restarts, at.device.running]).to.deep.equal([1, 'ota_1']);
  });

  it('rejects with EADDRINUSE where the port is taken', async () => {
    const second = serveDevice(new SimulatedDevice(), { port: at.served.port });
    expect(await failure(second)).to.equal('EADDRINUSE');
  });
});
