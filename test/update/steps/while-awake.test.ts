import { expect } from 'chai';
import type { RequestOptions } from '../../../src/model/device/link.ts';
import { perform } from '../../../src/update/steps/perform.ts';
import { SLEPT_MS } from '../../../src/update/time-limits.ts';
import { UpdateError } from '../../../src/model/update/update-error.ts';
import { settled } from '../../device/manual-clock.ts';
import { Played, takesAll } from '../scripted/played.ts';
import { Bench, ScriptedLink, session, status, troubleOf } from '../scripted/scripted.ts';

/** Time passes while no timer runs: the phone sleeps. */
function sleeps(bench: Bench, ms: number): void {
  const date = bench.clock.date.bind(bench.clock);
  bench.clock.date = () => date() + ms;
}

/** A chunk that is never answered. */
function hangs(bench: Bench): void {
  bench.link.write = (_, __, { signal }: RequestOptions) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new UpdateError('aborted')), { once: true });
    });
}

describe('a chunk that is under way while the phone sleeps', () => {
  const link = { shipped: () => new ScriptedLink(), mute: () => new ScriptedLink('documented', false) };

  function writing(bench: Bench, signal?: AbortSignal) {
    hangs(bench);
    const run = bench.run({}, signal);
    run.enterSession(session());
    const found: { error: unknown } = { error: null };
    void troubleOf(perform({ kind: 'write' }, run)).then((error) => (found.error = error));
    return found;
  }

  it('is given up as soon as the page is looked at again', async () => {
    const bench = new Bench(link.shipped());
    const found = writing(bench);
    await settled();
    sleeps(bench, SLEPT_MS);
    bench.network.tell();
    await settled();
    expect(found.error).to.be.instanceOf(UpdateError).and.include({ code: 'silent' });
    expect(bench.network.listeners, 'listeners').to.equal(0);
  });

  it('is left alone where the page was only away for a moment, and given up after a later sleep', async () => {
    const bench = new Bench(link.shipped());
    const found = writing(bench);
    await settled();
    sleeps(bench, SLEPT_MS - 1);
    bench.network.tell();
    await settled();
    expect(found.error).to.equal(null);
    sleeps(bench, 1);
    bench.network.tell();
    await settled();
    expect(found.error).to.include({ code: 'silent' });
  });

  it('is left alone where the device cannot be asked what it has: giving up would cost the upload', async () => {
    const bench = new Bench(link.mute());
    const found = writing(bench);
    await settled();
    sleeps(bench, SLEPT_MS);
    bench.network.tell();
    await settled();
    expect(found.error).to.equal(null);
  });

  it('ends with the person who cancels, as any request does', async () => {
    const bench = new Bench(link.shipped());
    const cancel = new AbortController();
    const found = writing(bench, cancel.signal);
    await settled();
    cancel.abort();
    await settled();
    expect(found.error).to.include({ code: 'aborted' });
  });
});

describe('an update whose page slept between two chunks', () => {
  it('asks where the device is before it sends another chunk', async () => {
    const bench = new Bench();
    bench.link.statuses = [status(), status({ session: session({ writtenBytes: 12_288 }) })];
    bench.link.begins = [session()];
    takesAll(bench.link);
    bench.link.finalizes = [new UpdateError('unauthorised')];
    const played = new Played(bench);
    let hasSlept = false;
    played.onState = ({ phase, progress }) => {
      if (hasSlept || phase !== 'writing' || progress.acknowledged === 0) return;
      hasSlept = true;
      sleeps(bench, SLEPT_MS + 1);
    };
    await played.end();
    expect(bench.link.asked.map((asked) => asked.kind)).to.deep.equal([
      ...['status', 'begin', 'write', 'write', 'status', 'write', 'finalize'],
    ]);
  });
});
