import { expect } from 'chai';
import type { Journal, JournalEntry } from '../../src/model/update/journal.ts';
import type { Run } from '../../src/update/run.ts';
import { perform } from '../../src/update/steps/perform.ts';
import type { Ask } from '../../src/update/steps/step.ts';
import { NOTED_WITHIN_MS } from '../../src/update/time-limits.ts';
import { settled } from '../device/manual-clock.ts';
import { Bench, IMAGE, session } from './scripted/scripted.ts';

/** A journal whose writes end when the test says so. */
class HeldJournal implements Journal {
  readonly begun: JournalEntry['phase'][] = [];
  readonly #done: (() => void)[] = [];

  read(): Promise<JournalEntry | null> {
    return Promise.resolve(null);
  }

  write({ phase }: JournalEntry): Promise<void> {
    this.begun.push(phase);
    return new Promise((resolve) => this.#done.push(resolve));
  }

  clear(): Promise<void> {
    return Promise.resolve();
  }

  async done(): Promise<void> {
    for (const done of this.#done.splice(0)) done();
    await settled();
  }
}

/** A bench whose journal is slow, and what has reached the device. */
class SlowBench extends Bench {
  readonly slow = new HeldJournal();

  override get ports(): Bench['ports'] {
    return { ...super.ports, journal: this.slow };
  }

  get heard(): readonly string[] {
    return this.link.asked.map(({ kind }) => kind);
  }
}

const STEPS: readonly (readonly [string, Ask, JournalEntry['phase'], (bench: SlowBench) => Promise<Run>])[] = [
  [
    'begin',
    { kind: 'begin', force: false },
    'beginning',
    (bench) => {
      bench.link.begins = [session()];
      return Promise.resolve(bench.run());
    },
  ],
  [
    'finalize',
    { kind: 'finalize' },
    'finalizing',
    async (bench) => {
      bench.link.finalizes = [null];
      const run = bench.begunRun(IMAGE.bytes.length);
      await bench.slow.done();
      return run;
    },
  ],
];

describe('what could not be explained after a run that was cut off', () => {
  for (const [name, step, phase, made] of STEPS) {
    it(`is noted before it is sent: ${name}`, async () => {
      const bench = new SlowBench();
      const run = await made(bench);
      const performed = perform(step, run);
      await settled();
      expect(bench.slow.begun.at(-1)).to.equal(phase);
      expect(bench.heard, 'nothing is sent before the note is there').to.deep.equal([]);
      await bench.slow.done();
      expect(bench.heard).to.deep.equal([name]);
      await bench.slow.done();
      await performed;
      expect(bench.clock.pending, 'timers left').to.equal(0);
    });

    it(`is sent all the same where the disk never answers: ${name}`, async () => {
      const bench = new SlowBench();
      const run = await made(bench);
      const performed = perform(step, run);
      await bench.clock.pass(NOTED_WITHIN_MS - 1);
      expect(bench.heard).to.deep.equal([]);
      await bench.clock.pass(1);
      expect(bench.heard).to.deep.equal([name]);
      await bench.clock.pass(NOTED_WITHIN_MS);
      await performed;
    });
  }

  it('is noted of a session before its first byte, since it is known by its number alone until then', async () => {
    const bench = new SlowBench();
    bench.link.begins = [session()];
    const performed = perform({ kind: 'begin', force: false }, bench.run());
    await settled();
    await bench.slow.done();
    let isOver = false;
    void performed.then(() => (isOver = true));
    await settled();
    expect([bench.slow.begun.at(-1), isOver]).to.deep.equal(['writing', false]);
    await bench.slow.done();
    expect(await performed).to.deep.equal({ kind: 'write' });
  });
});
