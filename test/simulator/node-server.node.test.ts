import { expect } from 'chai';
import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { serveDevice, type ServedDevice } from '../../src/simulator/node-server.ts';
import { onNth, type Fault } from '../../src/simulator/faults.ts';
import { MAX_BODY_BYTES, MAX_CONNECTIONS, REQUESTS_PER_CONNECTION } from '../../src/simulator/server-limits.ts';
import { SimulatedDevice } from '../../src/simulator/simulated-device.ts';
import { image } from './bench.ts';

interface Got {
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingMessage['headers'];
}

describe('A simulated device on a socket', () => {
  let device: SimulatedDevice;
  let served: ServedDevice;
  let agent: Agent;

  beforeEach(async () => {
    device = new SimulatedDevice({ slotBytes: 64 * 4096, awayMs: 0 });
    served = await serveDevice(device, { port: 0 });
    agent = new Agent({ keepAlive: true, maxSockets: 1 });
  });

  afterEach(async () => {
    agent.destroy();
    await served.close();
  });

  async function send(method: string, path: string, body?: Uint8Array | string, signal?: AbortSignal): Promise<Got> {
    const headers = body === undefined ? {} : { 'Content-Length': body.length };
    const sent = httpRequest(served.origin + path, { method, agent, headers, ...(signal ? { signal } : {}) });
    sent.end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    answer.setEncoding('utf8');
    let text = '';
    for await (const part of answer) text += String(part);
    return { status: answer.statusCode ?? 0, text, headers: answer.headers };
  }

  async function failure(work: Promise<unknown>): Promise<string> {
    return work.then(
      () => 'an answer came',
      (error: unknown) => (error as NodeJS.ErrnoException).code ?? String(error),
    );
  }

  async function rawSocket(): Promise<Socket> {
    const socket = connect(served.port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  }

  async function readAll(socket: Socket): Promise<string> {
    let text = '';
    socket.setEncoding('utf8').on('data', (part: string) => (text += part));
    await once(socket, 'close');
    return text;
  }

  it('carries a whole update, byte for byte', async () => {
    const bytes = image(150_000);
    await send('POST', '/ota/begin', JSON.stringify({ expected_size: bytes.length }));
    for (let at = 0; at < bytes.length; at += MAX_BODY_BYTES) {
      const answer = await send('POST', `/ota/chunk?offset=${at}`, bytes.subarray(at, at + MAX_BODY_BYTES));
      expect(answer.status, answer.text).to.equal(200);
    }
    expect(await failure(send('POST', '/ota/finalize', '{"reboot": true}'))).to.equal('ECONNRESET');
    const status = JSON.parse((await send('GET', '/ota/status')).text) as { running_partition: { label: string } };
    expect(status.running_partition.label).to.equal('ota_1');
    expect(device.runningImage).to.deep.equal(bytes);
  });

  it(`closes a connection after ${REQUESTS_PER_CONNECTION} requests, and says so`, async () => {
    expect(REQUESTS_PER_CONNECTION).to.equal(16);
    const said: (string | undefined)[] = [];
    for (let i = 0; i < REQUESTS_PER_CONNECTION + 1; i += 1) {
      said.push((await send('GET', '/ota/status')).headers.connection);
    }
    const open = Array.from({ length: REQUESTS_PER_CONNECTION - 1 }, () => 'keep-alive');
    expect(said).to.deep.equal([...open, 'close', 'keep-alive']);
  });

  it('answers 413 in plain text to a body over the limit, and closes', async () => {
    const answer = await send('POST', '/ota/chunk', new Uint8Array(MAX_BODY_BYTES * 40));
    expect([answer.status, answer.text]).to.deep.equal([413, 'Payload Too Large']);
    expect(answer.headers.connection).to.equal('close');
    expect(device.requests[0]?.bytes).to.be.greaterThan(MAX_BODY_BYTES);
  });

  it('answers 400 to a chunked body, which its parser does not know', async () => {
    const socket = await rawSocket();
    const answer = readAll(socket);
    socket.write('POST /ota/begin HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n');
    expect(await answer).to.match(/^HTTP\/1\.1 400 .*Bad Request$/s);
  });

  it(`has ${MAX_CONNECTIONS} connections; one more is told that the server is busy`, async () => {
    expect(MAX_CONNECTIONS).to.equal(8);
    const held: Socket[] = [];
    for (let i = 0; i < MAX_CONNECTIONS; i += 1) held.push(await rawSocket());
    expect(await readAll(await rawSocket())).to.match(/^HTTP\/1\.1 503 Service Unavailable\r\n.*Server Busy$/s);
    for (const socket of held) socket.destroy();
  });

  it('ends the connection without an answer where the device does', async () => {
    device.fault = onNth('status', 1, { kind: 'drop', when: 'before' });
    expect(await failure(send('GET', '/ota/status'))).to.equal('ECONNRESET');
    expect((await send('GET', '/ota/status')).status).to.equal(200);
  });

  it('tells the device when the client gives up', async () => {
    const hang: Fault = { kind: 'hang', when: 'before' };
    const asked = new Promise<void>((resolve) => {
      device.fault = (info) => {
        resolve();
        return info.route === 'status' ? hang : null;
      };
    });
    const client = new AbortController();
    const answer = failure(send('GET', '/ota/status', undefined, client.signal));
    await asked;
    client.abort();
    expect(await answer).to.equal('ABORT_ERR');
    while (device.requests[0]?.status === 'open') await new Promise((resolve) => setImmediate(resolve));
    expect(device.requests[0]?.status).to.equal('given up');
  });

  it('takes no connection while the device is away, and its idle connections die with it', async () => {
    const idle = await rawSocket();
    const closed = once(idle, 'close');
    device.switchOff();
    await closed;
    expect(await failure(send('GET', '/ota/status'))).to.equal('ECONNRESET');
    device.restart(0);
    expect((await send('GET', '/ota/status')).status).to.equal(200);
  });

  it('sends the good answer to a documented finalize out before the connection dies', async () => {
    await served.close();
    device = new SimulatedDevice({ dialect: 'documented', awayMs: 0 });
    served = await serveDevice(device, { port: 0 });
    const bytes = image(10);
    const hash = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
    await send('POST', '/ota/begin', JSON.stringify({ size: bytes.length }));
    await send('POST', '/ota/write', bytes);
    const answer = await send('POST', '/ota/finalize', JSON.stringify({ sha256: hash }));
    expect([answer.status, answer.headers.connection]).to.deep.equal([200, 'close']);
    expect([device.restarts, device.running]).to.deep.equal([1, 'ota_1']);
  });

  it('sends ten megabytes of rubbish without keeping them, and stops when nobody reads on', async () => {
    device.fault = onNth('status', 1, { kind: 'garbage', answer: 'huge' });
    const sent = httpRequest(`${served.origin}/ota/status`, { agent });
    sent.end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    expect(answer.headers['content-length']).to.equal(undefined);
    const [first] = (await once(answer, 'data')) as [Buffer];
    expect(first.toString('latin1')).to.match(/^\{"detail":"aaa/);
    answer.destroy();
    expect((await send('GET', '/ota/status')).status).to.equal(200);
  });

  it('rejects with EADDRINUSE where the port is taken', async () => {
    const second = serveDevice(new SimulatedDevice(), { port: served.port });
    expect(await failure(second)).to.equal('EADDRINUSE');
  });
});
