/** Every recorded request and update, sent to the simulated device over raw sockets and compared with what was answered. */
import { expect } from 'chai';
import { asPrepared } from '../../src/simulator/server/cors.ts';
import { ONE_SLOT, ONE_SLOT_BYTES } from '../../src/simulator/bootloader.ts';
import { serveDevice, type ServedDevice } from '../../src/simulator/node/node-server.ts';
import type { DeviceOptions } from '../../src/simulator/options.ts';
import { SimulatedDevice } from '../../src/simulator/simulated-device.ts';
import { SleepingClock, image, sha256 } from './bench.ts';
import { RawConnection } from './raw-connection.ts';
import {
  SET_UPS,
  UPDATES,
  copiedFacts,
  recordedFacts,
  timeless,
  withoutTime,
  type RecordedRequest,
  type RecordedStep,
  type Said,
} from './wire-facts.ts';

/**
 * Where the simulated device differs, by request and part of the answer, with the reason. What is not listed must be
 * the same; what is listed and has become the same must be removed.
 */
const DIFFERENCES: Readonly<Record<string, { readonly what: readonly string[]; readonly why: string }>> = {};

const CHUNK = 3072;
const IMAGE = image(40_000);
const AWAY_MS = 1000;

/** The recorded program had routes of its own. */
const RECORDED: Partial<DeviceOptions> = {
  token: 'tok-123',
  slotBytes: 0x180000,
  awayMs: AWAY_MS,
  appRoutes: [
    { method: 'GET', path: '/', answer: { hello: true } },
    { method: 'POST', path: '/echo', answer: null },
    { method: 'GET', path: '/stats', answer: null },
    { method: 'GET', path: '/busy/{ms}', answer: null },
    { method: 'GET', path: '/slow/{ms}', answer: null },
  ],
  // ESP-IDF reads the whole image; of those that are sent here only one is complete.
  checksImage: (bytes) => Buffer.compare(bytes, IMAGE) === 0,
};
const CORS = asPrepared(['http://localhost:18190']);
const OPTIONS: Readonly<Record<(typeof SET_UPS)[number], Partial<DeviceOptions>>> = {
  cors: { cors: CORS },
  'no-cors': { cors: null },
  'ota-off': { cors: CORS, ota: false },
};

const recorded = recordedFacts();
const SOURCES = [['the copy', copiedFacts()] as const, ...(recorded ? [['the recordings', recorded] as const] : [])];

describe('The simulated device, compared with the published stack', () => {
  let served: ServedDevice;
  afterEach(() => served.close());

  async function serve(options: Partial<DeviceOptions>): Promise<SleepingClock> {
    const clock = new SleepingClock();
    served = await serveDevice(new SimulatedDevice({ ...RECORDED, clock, ...options }), { port: 0 });
    return clock;
  }

  for (const [source, { requests, updates }] of SOURCES) {
    for (const setUp of SET_UPS) {
      it(`answers each request as in ${source}: ${setUp}`, async () => {
        await serve(OPTIONS[setUp]);
        expect(requests[setUp]).to.have.length(92);
        for (const request of requests[setUp]) {
          const found = differences(request.said, await ask(served.port, request));
          const { what, why } = DIFFERENCES[request.name] ?? { what: [], why: 'nothing is listed' };
          expect(found, `${request.name} (${why})`).to.have.members(what);
        }
      });
    }

    it(`goes through an update with two slots as in ${source}`, async () => {
      const clock = await serve({});
      await walk(served.port, clock, updates['two-slots']);
    });

    it(`goes through the first update of the published board and panics in the second, as in ${source}`, async () => {
      const clock = await serve({ slots: ONE_SLOT, slotBytes: ONE_SLOT_BYTES });
      await walk(served.port, clock, updates['published-board-first']);
      await walk(served.port, clock, updates['published-board-second']);
    });
  }
});

describe('The copy of the recorded facts', () => {
  it('says what the recordings say', function () {
    // They lie beside the project, not in it.
    if (recorded === null) this.skip();
    const copied = copiedFacts();
    for (const name of SET_UPS) expect(copied.requests[name], name).to.deep.equal(recorded.requests[name]);
    for (const name of UPDATES) expect(copied.updates[name], name).to.deep.equal(recorded.updates[name]);
  });
});

/** Sends one recorded request on a connection of its own. */
async function ask(port: number, { parts }: RecordedRequest): Promise<Said> {
  const bytes = parts.map((part) =>
    typeof part === 'string'
      ? Buffer.from(part.replaceAll('PORT', String(port)), 'latin1')
      : Buffer.alloc(part.times, part.byte),
  );
  const sent = Buffer.concat(bytes);
  const method = sent.toString('latin1').split(' ')[0];
  const connection = await RawConnection.open(port);
  connection.send(sent);
  const answer = await connection.answer(method);
  if (answer === null) throw new Error('The connection ended without an answer.');
  const { status, headers, body } = answer;
  const isJson = headers['content-type'] === 'application/json';
  const said = isJson ? { json: JSON.parse(body) as unknown } : { text: body };
  const closes = headers['connection'] === 'close' ? await closed(connection) : !(await goesOn(connection));
  connection.close();
  return withoutTime({ status, headers, ...said, closes });
}

async function closed(connection: RawConnection): Promise<true> {
  await connection.ended();
  return true;
}

/** Whether another request on the same connection is answered. */
async function goesOn(connection: RawConnection): Promise<boolean> {
  connection.send('GET /nothing-here HTTP/1.1\r\n\r\n');
  return (await connection.answer()) !== null;
}

/** The names of the parts of `said` that are not as recorded. */
function differences(recordedSaid: Said, said: Said): string[] {
  const found = [...fieldsThatDiffer('headers', recordedSaid.headers, said.headers)];
  if (said.status !== recordedSaid.status) found.push(`status ${said.status}`);
  if (said.closes !== recordedSaid.closes) found.push(`closes ${said.closes}`);
  if (said.text !== recordedSaid.text) found.push(`text ${said.text}`);
  return [...found, ...fieldsThatDiffer('json', recordedSaid.json, said.json)];
}

function fieldsThatDiffer(path: string, expected: unknown, actual: unknown): string[] {
  if (!isFields(expected) || !isFields(actual)) {
    return JSON.stringify(expected) === JSON.stringify(actual) ? [] : [`${path} ${JSON.stringify(actual)}`];
  }
  const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return [...names].flatMap((name) => fieldsThatDiffer(`${path}.${name}`, expected[name], actual[name]));
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Goes through the steps of a recorded update with an image of our own. */
async function walk(port: number, clock: SleepingClock, steps: readonly RecordedStep[]): Promise<void> {
  const hash = await sha256(IMAGE);
  const begun = steps.find(({ name }) => name === 'begin')?.fields as { readonly expected_sha256: string };
  const ours = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value).replaceAll(begun.expected_sha256, hash)) as unknown;
  let sent = 0;

  const send = async (request: string, body: Uint8Array | string): Promise<unknown> => {
    const connection = await RawConnection.open(port);
    const length = typeof body === 'string' ? body.length : body.byteLength;
    connection.send(`${request} HTTP/1.1\r\nX-OTA-Token: tok-123\r\nContent-Length: ${length}\r\n\r\n`);
    connection.send(body);
    const answer = await connection.answer();
    connection.close();
    if (answer === null) return { status: null, json: null };
    const { status, headers, body: text } = answer;
    const isJson = headers['content-type'] === 'application/json';
    return { status, json: isJson ? timeless(JSON.parse(text)) : /<title>(.*?)<\/title>/.exec(text)?.[1] };
  };
  const chunk = (at: number): Promise<unknown> => send(`POST /ota/chunk?offset=${at}`, IMAGE.subarray(at, at + CHUNK));

  for (const { name, request, fields, status, json } of steps) {
    const offset = /^chunk at (\d+)$/.exec(name)?.[1];
    // The recordings hold the first two chunks and the last.
    for (; offset !== undefined && sent < Number(offset); sent += CHUNK) await chunk(sent);
    if (name === 'status after restart') clock.time += AWAY_MS;
    const answer =
      offset === undefined
        ? await send(request, fields === null ? '' : JSON.stringify(ours(fields)))
        : await chunk(Number(offset));
    if (offset !== undefined && status !== null) sent += CHUNK;
    expect(answer, name).to.deep.equal({ status, json: ours(json) });
  }
}
