import { expect } from 'chai';
import type { CreateJob } from '../../../src/model/jobs/job-requests.ts';
import { jobCalls } from '../../../src/page/host/job-calls.ts';
import type { Upload, UploadRequest } from '../../../src/model/device/upload.ts';
import { SILENT_MS } from '../../../src/page/host/event-stream.ts';

const REF = { id: 'a'.repeat(32), key: 'A'.repeat(22) };
const JOB = {
  ...{ id: REF.id, standing: { kind: 'queued' }, update: null, goesOnByItself: false },
  device: { name: 'Kitchen', origin: 'http://192.168.1.50:8080', prefix: '/ota', tokenHeader: 'X-OTA-Token' },
  firmware: { sha256: 'c', size: 8, name: 'kitchen.bin', version: null, project: null },
  ...{ createdAt: 1, startedAt: null, endedAt: null },
};
const ROLLOUT = {
  ...{ id: REF.id, firmware: JOB.firmware, options: { firstWave: 1 }, standing: 'running', phase: 'rolling' },
  ...{ asks: [], createdAt: 1, devices: [{ job: 'b', device: JOB.device }], lines: [['b', { kind: 'waiting' }]] },
};
const never = new AbortController().signal;

interface Asked {
  readonly url: string;
  readonly init: RequestInit;
}

/** A host that answers one question after the other, as told. */
function given(...answers: (Response | Error)[]) {
  const asked: Asked[] = [];
  const sleeps: { readonly ms: number; readonly wake: () => void }[] = [];
  const ask = async (url: string, init: RequestInit = {}): Promise<Response> => {
    asked.push({ url, init });
    const answer = answers.shift();
    if (answer instanceof Response) return answer;
    throw answer ?? new TypeError('Failed to fetch');
  };
  const sleep = (ms: number): Promise<void> => new Promise((wake) => sleeps.push({ ms, wake }));
  const uploads: UploadRequest[] = [];
  const upload: Upload = async (request) => {
    uploads.push(request);
    for (const sent of [1, 2]) request.onSent(sent);
    const answer = answers.shift();
    if (answer instanceof Response) return { status: answer.status, contentType: null, text: await answer.text() };
    throw answer ?? new TypeError('no answer');
  };
  return { calls: jobCalls(ask, { now: () => 0, date: () => 0, sleep }, upload), asked, uploads, sleeps };
}

const json = (body: unknown, status = 200): Response => Response.json(body, { status });
const refusal = (kind: string, status: number): Response => json({ refusal: { kind }, detail: 'A sentence.' }, status);

describe('What the page says to the host about jobs', () => {
  it('hands a file over only where the host does not have it', async () => {
    const bytes = new Uint8Array([1, 2]);
    let sent: number[] = [];
    const file = { sha256: 'ff', bytes, onSent: (count: number) => sent.push(count) };
    const has = given(json({ size: 2 }));
    expect(await has.calls.handOver(file, never)).to.deep.equal({ kind: 'done', value: null });
    expect(has.asked.map(({ url, init }) => `${init.method ?? 'GET'} ${url}`)).to.deep.equal(['GET /jobs/firmware/ff']);
    expect(has.uploads).to.deep.equal([]);
    expect(sent, 'nothing has to go').to.deep.equal([]);
    const lacks = given(refusal('no-such-firmware', 404), json({ size: 2 }, 201));
    expect(await lacks.calls.handOver(file, never)).to.deep.equal({ kind: 'done', value: null });
    const [put] = lacks.uploads;
    expect(put).to.deep.include({ method: 'PUT', url: '/jobs/firmware/ff', contentType: 'application/octet-stream' });
    expect(put?.parts[0], 'no copy of it').to.equal(bytes);
    expect(sent, 'from the first byte on').to.deep.equal([0, 1, 2]);
    sent = [];
    const full = given(refusal('no-such-firmware', 404), refusal('disk-full', 507));
    expect(await full.calls.handOver(file, never)).to.deep.equal({ kind: 'refused', why: { kind: 'disk-full' } });
    const gone = given(refusal('no-such-firmware', 404), new TypeError('no answer'));
    expect(await gone.calls.handOver(file, never)).to.deep.equal({ kind: 'refused', why: { kind: 'no-answer' } });
  });

  it('asks for rollouts as for jobs, and takes no other answer for one', async () => {
    const { calls, asked } = given(
      json({ rollout: ROLLOUT }),
      json({ rollout: ROLLOUT }),
      new Response(null, { status: 204 }),
      json({ rollout: { ...ROLLOUT, lines: ['b'] } }),
      refusal('no-such-rollout', 404),
    );
    expect(await calls.readRollout(REF)).to.deep.equal({ kind: 'done', value: ROLLOUT });
    expect(await calls.orderRollout(REF, { kind: 'pause' })).to.deep.equal({ kind: 'done', value: ROLLOUT });
    expect(await calls.orderRollout(REF, { kind: 'forget' })).to.deep.equal({ kind: 'done', value: null });
    expect(await calls.readRollout(REF)).to.deep.equal({ kind: 'refused', why: { kind: 'no-answer' } });
    expect(await calls.readRollout(REF)).to.deep.equal({ kind: 'refused', why: { kind: 'no-such-rollout' } });
    expect(new Set(asked.map(({ url }) => url))).to.deep.equal(new Set([`/rollouts/${REF.id}`]));
  });

  it('tells why the host says no, and that nobody answers', async () => {
    const { calls } = given(refusal('device-busy', 409), json('<!doctype html>'), new TypeError('Failed to fetch'));
    const asked: CreateJob = {
      ...{ ...REF, secrets: { token: null, login: null }, firmware: { sha256: 'c', name: 'kitchen.bin' } },
      device: { ...JOB.device, protocol: 'automatic', dialect: null, chipId: null },
      plan: { restart: true, overruled: [], takeOver: null, beginAgain: false },
      ...{ goOnByItself: false, keepSecrets: false },
    };
    expect(await calls.create(asked, never)).to.deep.equal({ kind: 'refused', why: { kind: 'device-busy' } });
    const silent = { kind: 'refused', why: { kind: 'no-answer' } };
    expect(await calls.create(asked, never), 'something else answers').to.deep.equal(silent);
    expect(await calls.create(asked, never)).to.deep.equal(silent);
  });

  it('rejects where whoever asked has gone', async () => {
    const gone = AbortSignal.abort(new Error('cancelled'));
    const file = { sha256: 'ff', bytes: new Uint8Array(1), onSent: () => undefined };
    const { calls } = given(new TypeError('aborted'));
    const failed = await calls.handOver(file, gone).catch((error: unknown) => error);
    expect(failed).to.have.property('message', 'cancelled');
    const going = new AbortController();
    const late = given(refusal('no-such-firmware', 404), new TypeError('aborted'));
    const onSent = (sent: number): void => {
      if (sent > 0) going.abort(new Error('cancelled'));
    };
    const ended = await late.calls.handOver({ ...file, onSent }, going.signal).catch((error: unknown) => error);
    expect(ended, 'in the middle of the file').to.have.property('message', 'cancelled');
  });

  it('shows a job’s key in a header, and never in an address', async () => {
    const { calls, asked } = given(json({ job: JOB }), json({ job: JOB }), new Response(null, { status: 204 }));
    expect(await calls.read(REF)).to.deep.equal({ kind: 'done', value: JOB });
    expect(await calls.order(REF, { kind: 'pause' })).to.deep.equal({ kind: 'done', value: JOB });
    expect(await calls.order(REF, { kind: 'forget' })).to.deep.equal({ kind: 'done', value: null });
    for (const { url, init } of asked) {
      expect(new Headers(init.headers).get('Moult-Job-Key')).to.equal(REF.key);
      expect(url).to.equal(`/jobs/${REF.id}`);
    }
  });

  it('reads events, however they are cut, and skips heartbeats and what is no event', async () => {
    const event = { kind: 'job', host: 'h', sequence: 3, job: JOB };
    const text = `: beat\n\nid: h-3\ndata: ${JSON.stringify(event)}\n\ndata: {"kind":"job","host":"h","sequence":4}\n\n`;
    const parts = [text.slice(0, 4), text.slice(4, 40), text.slice(40)].map((part) => new TextEncoder().encode(part));
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const part of parts) controller.enqueue(part);
        controller.close();
      },
    });
    const { calls } = given(new Response(body));
    const told: unknown[] = [];
    for await (const one of calls.events({ jobs: [{ ...REF, after: null }] }, never)) told.push(one);
    expect(told).to.deep.equal([{ kind: 'open' }, event]);
  });

  it('gives up a stream that is silent for too long', async () => {
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>({ cancel: () => void (isCancelled = true) });
    const { calls, sleeps } = given(new Response(body));
    const events = calls.events({ jobs: [{ ...REF, after: null }] }, never)[Symbol.asyncIterator]();
    await events.next();
    const next = events.next();
    while (sleeps.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(sleeps[0]?.ms).to.equal(SILENT_MS);
    sleeps[0]?.wake();
    expect((await next).done).to.equal(true);
    expect(isCancelled).to.equal(true);
  });
});
