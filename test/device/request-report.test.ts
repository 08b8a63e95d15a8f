import { expect } from 'chai';
import type { RequestRecord } from '../../src/model/device/request-record.ts';
import type { DeviceRequest } from '../../src/device/device-request.ts';
import { send, type FetchLike } from '../../src/device/request.ts';
import { answering, errorOf, limits, ORIGIN, target, TOKEN } from './given.ts';
import { ManualClock } from './manual-clock.ts';
import { STATUS } from './status-request.ts';

describe('what the help report learns of a request', () => {
  it('is what happened, without token and host', async () => {
    const clock = new ManualClock();
    const records: RequestRecord[] = [];
    const observe = (record: RequestRecord): void => void records.push(record);
    const { fetch } = answering(
      Response.json({}),
      new Response('no', { status: 409 }),
      new TypeError('Failed to fetch'),
    );
    const chunk: DeviceRequest = {
      kind: 'write',
      method: 'POST',
      route: '/chunk?offset=4096',
      credentials: 'token-header',
      body: new Uint8Array(300),
    };
    const world = { fetch, clock, observe };
    await send(target(), chunk, limits(), world);
    await errorOf(send(target({ viaGateway: '' }), { ...STATUS, body: '"ü"' }, limits(), world));
    await errorOf(send(target(), STATUS, limits(), world));
    const common = { startedAt: 0, durationMs: 0 };
    expect(records).to.deep.equal([
      { ...common, kind: 'write', method: 'POST', path: '/ota/chunk?offset=4096', bytes: 300, status: 200, code: null },
      { ...common, kind: 'status', method: 'GET', path: '/ota/status', bytes: 4, status: 409, code: 'conflict' },
      { ...common, kind: 'status', method: 'GET', path: '/ota/status', bytes: 0, status: null, code: 'unreachable' },
    ]);
    expect(JSON.stringify(records)).to.not.include(TOKEN).and.not.include(new URL(ORIGIN).host);
  });

  it('tells how long it took', async () => {
    const clock = new ManualClock();
    const records: RequestRecord[] = [];
    const fetch: FetchLike = () => new Promise<never>(() => undefined);
    await clock.pass(100);
    const world = { fetch, clock, observe: (record: RequestRecord) => void records.push(record) };
    const work = errorOf(send(target(), STATUS, limits({ timeoutMs: 700 }), world));
    await clock.pass(700);
    await work;
    expect(records.map(({ startedAt, durationMs, code }) => [startedAt, durationMs, code])).to.deep.equal([
      [100, 700, 'silent'],
    ]);
  });
});
