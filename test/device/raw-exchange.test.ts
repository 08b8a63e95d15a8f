/** An exchange with a device that speaks no HTTP. */
import { expect } from 'chai';
import { portOf, recordedExchange } from '../../src/device/raw-exchange.ts';
import type { Watch } from '../../src/device/supervision.ts';
import type { RequestRecord } from '../../src/model/device/request-record.ts';
import { UpdateError } from '../../src/model/update/update-error.ts';
import { errorOf, limits } from './given.ts';
import { ManualClock } from './manual-clock.ts';

/** When an exchange begins. */
const AT = 50;
const ASKED = { kind: 'identify', method: 'TCP', port: 3232 } as const;

function exchange<T>(work: (watch: Pick<Watch, 'signal' | 'sign'>) => Promise<T>, timeoutMs = 1000) {
  const clock = new ManualClock();
  clock.advance(AT);
  const records: RequestRecord[] = [];
  const observe = (record: RequestRecord) => void records.push(record);
  const done = recordedExchange({ clock, observe }, ASKED, limits({ timeoutMs }), work);
  return { clock, records, done };
}

describe('the port of a device that speaks no HTTP', () => {
  it('is the one in its address, else the usual one of the scheme', () => {
    const ports = ['http://a:3232', 'http://a', 'https://a', 'https://a:80', 'http://[fe80::1]:8266'].map(portOf);
    expect(ports).to.deep.equal([3232, 80, 443, 80, 8266]);
  });
});

describe('an exchange with a device that speaks no HTTP', () => {
  it('is in the help report, with its port and without its host', async () => {
    const { done, records } = exchange(() => Promise.resolve('told'));
    expect(await done).to.equal('told');
    const { kind, method } = ASKED;
    expect(records).to.deep.equal([
      { kind, method, path: ':3232', bytes: 0, startedAt: AT, durationMs: 0, status: null, code: null },
    ]);
  });

  it('is unreachable for whatever ends its connection, with the reason kept', async () => {
    const reason = new Error('ECONNRESET');
    const { done, records } = exchange(() => Promise.reject(reason));
    expect(await errorOf(done)).to.include({ code: 'unreachable', cause: reason });
    expect(records.map(({ code }) => code)).to.deep.equal(['unreachable']);
  });

  it('keeps the error that the device was understood to report', async () => {
    const refused = new UpdateError('unauthorised');
    const { done, records } = exchange(() => Promise.reject(refused));
    expect(await errorOf(done)).to.equal(refused);
    expect(records.map(({ code }) => code)).to.deep.equal(['unauthorised']);
  });

  it('is silent once the device gives no sign for so long, and its report tells how long it took', async () => {
    let sign = (): void => undefined;
    let signal: AbortSignal | null = null;
    const { done, clock, records } = exchange((watch) => {
      ({ sign, signal } = watch);
      return new Promise<never>(() => undefined);
    });
    const error = errorOf(done);
    await clock.pass(999);
    sign();
    await clock.pass(999);
    expect((signal as AbortSignal | null)?.aborted).to.equal(false);
    await clock.pass(1);
    expect((await error).code).to.equal('silent');
    expect((signal as AbortSignal | null)?.aborted).to.equal(true);
    expect(records).to.have.length(1);
    expect(records[0]).to.include({ startedAt: AT, durationMs: 1999, code: 'silent' });
  });

  it('may be seen by nobody', async () => {
    const clock = new ManualClock();
    expect(await recordedExchange({ clock }, ASKED, limits(), () => Promise.resolve(1))).to.equal(1);
  });
});
