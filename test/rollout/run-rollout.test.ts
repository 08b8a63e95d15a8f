import { expect } from 'chai';
import fc from 'fast-check';
import { runRollout } from '../../src/rollout/run-rollout.ts';
import { failedBefore } from '../../src/model/update/nothing-sent.ts';
import { RolloutControls } from '../../src/rollout/controls.ts';
import {
  countRollout,
  failedOf,
  type SkipReason,
  type NotReady,
  type Readiness,
  restOf,
  type RolloutPlan,
  type RolloutState,
  wentWrong,
} from '../../src/model/rollout/rollout-state.ts';
import type { Outcome, OutcomeName } from '../../src/model/update/update-state.ts';
import { endedAs, OUTCOMES } from '../update/scripted/outcomes.ts';

const OFF: SkipReason = { because: 'off', failed: failedBefore(null, 0, { code: 'silent' }) };

/** Devices whose updates end when the test says so. */
class Floor {
  readonly started: string[] = [];
  readonly running = new Map<string, (outcome: Outcome) => void>();
  /** How many were allowed at each start, and how many ran with it. */
  readonly starts: { readonly running: number; readonly allowed: number }[] = [];
  allowed = (): number => Infinity;
  now = 0;
  /** Milliseconds between two ends. */
  took = 1000;
  off = new Set<string>();
  /** Looks wait for this. */
  answering: Promise<void> = Promise.resolve();
  looks = 0;
  looking = 0;
  mostLooking = 0;

  look = async (id: string): Promise<Readiness> => {
    this.looks += 1;
    this.looking += 1;
    this.mostLooking = Math.max(this.mostLooking, this.looking);
    await this.answering;
    this.looking -= 1;
    if (this.off.has(id)) return { kind: 'not-ready', why: OFF };
    return this.only.has(id) ? { kind: 'ready', mayBeOnlyUpdate: true } : { kind: 'ready' };
  };

  /** Devices of which this may be the only update. */
  only = new Set<string>();
  agrees: boolean | Promise<boolean> = true;
  readonly agreedTo: (readonly string[])[] = [];

  agree = async (deviceIds: readonly string[]): Promise<boolean> => {
    this.agreedTo.push(deviceIds);
    return this.agrees;
  };

  update = (id: string): Promise<Outcome | NotReady> =>
    new Promise((resolve) => {
      this.started.push(id);
      this.running.set(id, resolve);
      this.starts.push({ running: this.running.size, allowed: this.allowed() });
    });

  async end(id: string, outcome: OutcomeName | Outcome = 'updated'): Promise<void> {
    const resolve = this.running.get(id);
    if (!resolve) throw new Error(`${id} is not running`);
    this.running.delete(id);
    this.now += this.took;
    resolve(typeof outcome === 'string' ? endedAs(outcome) : outcome);
    await settle();
  }

  get clock() {
    return { now: () => this.now };
  }
}

/** Lets every promise that can settle do so: none here waits for more than a few others. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
}

const ids = (count: number): string[] => Array.from({ length: count }, (_, at) => `device-${at}`);

function planFor(count: number, changes: Partial<RolloutPlan> = {}): RolloutPlan {
  return {
    devices: ids(count),
    done: new Map(),
    firstWave: 1,
    width: 3,
    stopAt: { failures: null, share: null },
    forgiven: new Set(),
    ...changes,
  };
}

interface Started {
  readonly floor: Floor;
  readonly controls: RolloutControls;
  readonly states: RolloutState[];
  readonly end: Promise<RolloutState>;
}

async function start(plan: RolloutPlan, floor = new Floor()): Promise<Started> {
  const controls = new RolloutControls();
  const states: RolloutState[] = [];
  floor.allowed = () => states.at(-1)?.width ?? 0;
  const end = runRollout(plan, floor, controls, (state) => states.push(state));
  await settle();
  return { floor, controls, states, end };
}

const phase = ({ states }: Started): string | undefined => states.at(-1)?.phase;

describe('a rollout', () => {
  it('begins with the first wave alone, and goes on by itself where that went well', async () => {
    const run = await start(planFor(5));
    expect(run.floor.started).to.deep.equal(['device-0']);
    await run.floor.end('device-0');
    expect([...run.floor.running.keys()]).to.deep.equal(['device-1', 'device-2', 'device-3']);
  });

  it('asks where the first wave failed, and starts nothing until it is told', async () => {
    const run = await start(planFor(4));
    await run.floor.end('device-0', 'rolled-back');
    expect(phase(run)).to.equal('asking');
    expect(run.floor.running.size).to.equal(0);
    run.controls.answerFirstWave('go-on');
    await settle();
    expect(run.floor.running.size).to.equal(3);
  });

  it('asks too where somebody cancelled the first wave: it proved nothing', async () => {
    const run = await start(planFor(4));
    await run.floor.end('device-0', 'cancelled');
    expect(phase(run)).to.equal('asking');
    expect(run.floor.running.size).to.equal(0);
  });

  it('hears a button that is pressed while it tells of a change', async () => {
    const floor = new Floor();
    const controls = new RolloutControls();
    controls.pause();
    const end = runRollout(planFor(1, { firstWave: 0 }), floor, controls, ({ phase: now }) => {
      if (now === 'paused') controls.resume();
    });
    await settle();
    await floor.end('device-0');
    expect(countRollout((await end).lines)).to.include({ well: 1 });
  });

  it('leaves out a device whose update could not begin at its turn', async () => {
    const floor = new Floor();
    const update = floor.update;
    floor.update = (id) =>
      id === 'device-1' ? Promise.resolve({ kind: 'not-ready', why: { because: 'under-way' } }) : update(id);
    const run = await start(planFor(3, { firstWave: 0, width: 1 }), floor);
    await floor.end('device-0');
    await floor.end('device-2');
    const end = await run.end;
    expect(end.lines.get('device-1')).to.deep.equal({ kind: 'skipped', why: { because: 'under-way' } });
    expect(countRollout(end.lines)).to.include({ well: 2, skipped: 1 });
  });

  it('ends with the rest not started where the person stops after the first wave', async () => {
    const run = await start(planFor(4));
    await run.floor.end('device-0', 'rejected');
    run.controls.answerFirstWave('stop');
    const end = await run.end;
    expect(end.stopped).to.equal('first-wave');
    expect(countRollout(end.lines)).to.include({ failed: 1, notStarted: 3 });
  });

  it('leaves out devices that are off, before anything starts, and takes the next for the first wave', async () => {
    const floor = new Floor();
    floor.off = new Set(['device-0', 'device-2']);
    const run = await start(planFor(4), floor);
    expect(floor.started).to.deep.equal(['device-1']);
    expect(run.states.at(-1)?.lines.get('device-2')).to.deep.include({ kind: 'skipped', why: OFF });
  });

  it('asks once for all devices of which it may be the only update, before anything starts', async () => {
    const floor = new Floor();
    floor.only = new Set(['device-1', 'device-2', 'device-3']);
    floor.off = new Set(['device-2']);
    let answer: (yes: boolean) => void = () => undefined;
    floor.agrees = new Promise((resolve) => (answer = resolve));
    const rollout = await start(planFor(4), floor);
    expect(floor.agreedTo, 'those that are left').to.deep.equal([['device-1', 'device-3']]);
    expect(floor.started).to.deep.equal([]);
    answer(true);
    await settle();
    expect(floor.started).to.deep.equal(['device-0']);
    rollout.controls.finish();
    await floor.end('device-0');
    await rollout.end;
    expect(floor.agreedTo).to.have.length(1);
  });

  it('starts nothing where the person does not agree to that, and asks nothing where there is none', async () => {
    const floor = new Floor();
    floor.only = new Set(['device-1']);
    floor.agrees = false;
    const { end } = await start(planFor(2), floor);
    const { stopped, lines } = await end;
    expect([stopped, [...lines.values()].map(({ kind }) => kind)]).to.deep.equal([
      'person',
      ['not-started', 'not-started'],
    ]);
    expect(floor.started).to.deep.equal([]);
    const other = await start(planFor(1));
    await other.floor.end('device-0');
    await other.end;
    expect(other.floor.agreedTo).to.deep.equal([]);
  });

  it('starts nothing while it is paused, and goes on when resumed', async () => {
    const run = await start(planFor(6, { firstWave: 0, width: 2 }));
    run.controls.pause();
    await run.floor.end('device-0');
    expect(phase(run)).to.equal('paused');
    expect([...run.floor.running.keys()]).to.deep.equal(['device-1']);
    run.controls.resume();
    await settle();
    expect(run.floor.running.size).to.equal(2);
  });

  it('stops after the current ones', async () => {
    const run = await start(planFor(6, { firstWave: 0, width: 2 }));
    run.controls.finish();
    await settle();
    expect(phase(run)).to.equal('finishing');
    await run.floor.end('device-0');
    await run.floor.end('device-1');
    const end = await run.end;
    expect(end.stopped).to.equal('person');
    expect(countRollout(end.lines)).to.include({ well: 2, notStarted: 4 });
  });

  it('stops by itself at a number of failures', async () => {
    const run = await start(planFor(9, { firstWave: 0, width: 2, stopAt: { failures: 2, share: null } }));
    await run.floor.end('device-0', 'failed');
    await run.floor.end('device-1', 'not-seen-again');
    await run.floor.end('device-2');
    const end = await run.end;
    expect(end.stopped).to.equal('stop-mark');
    expect(run.floor.started.length).to.equal(3);
  });

  it('stops by itself at a share of failures, but not on the first few', async () => {
    const run = await start(planFor(20, { firstWave: 0, width: 1, stopAt: { failures: null, share: 0.5 } }));
    for (const [at, outcome] of (['failed', 'failed', 'updated', 'updated', 'failed'] as const).entries()) {
      expect(run.floor.started.length).to.equal(at + 1);
      await run.floor.end(`device-${at}`, outcome);
    }
    expect((await run.end).stopped).to.equal('stop-mark');
  });

  it('does not touch again what an earlier visit brought to an end', async () => {
    const done = new Map<string, OutcomeName>([
      ['device-0', 'updated'],
      ['device-1', 'failed'],
    ]);
    const run = await start(planFor(4, { done }));
    expect(run.floor.started).to.deep.equal(['device-2', 'device-3']);
  });

  it('starts nothing where an earlier visit came to the stop mark', async () => {
    const done = new Map<string, OutcomeName>(ids(3).map((id) => [id, 'failed']));
    const run = await start(planFor(9, { done, firstWave: 0, stopAt: { failures: 3, share: null } }));
    const end = await run.end;
    expect([run.floor.looks, run.floor.started.length, end.stopped]).to.deep.equal([0, 0, 'stop-mark']);
    expect(countRollout(end.lines)).to.include({ failed: 3, notStarted: 6 });
    const most = new Map<string, OutcomeName>(ids(5).map((id, at) => [id, at < 2 ? 'updated' : 'failed']));
    const shared = await start(planFor(9, { done: most, stopAt: { failures: null, share: 0.6 } }));
    expect([shared.floor.started.length, (await shared.end).stopped]).to.deep.equal([0, 'stop-mark']);
  });

  it('counts failures of an earlier visit, but for those that were forgiven', async () => {
    const done = new Map<string, OutcomeName>(ids(2).map((id) => [id, 'failed']));
    const of = { done, firstWave: 0, width: 1, stopAt: { failures: 3, share: null } };
    const counting = await start(planFor(9, of));
    await counting.floor.end('device-2', 'failed');
    expect([counting.floor.started.length, (await counting.end).stopped]).to.deep.equal([1, 'stop-mark']);
    const anew = await start(planFor(9, { ...of, forgiven: new Set(ids(2)) }));
    for (const at of [2, 3, 4]) await anew.floor.end(`device-${at}`, 'failed');
    expect([anew.floor.started.length, (await anew.end).stopped]).to.deep.equal([3, 'stop-mark']);
  });

  it('asks eight devices at once', async () => {
    const floor = new Floor();
    await start(planFor(20), floor);
    expect(floor.mostLooking).to.equal(8);
  });

  it('hears "stop" while it asks: no other device is asked, and none is started', async () => {
    const floor = new Floor();
    let answer: () => void = () => undefined;
    floor.answering = new Promise((resolve) => (answer = resolve));
    const run = await start(planFor(20), floor);
    run.controls.finish();
    answer();
    const end = await run.end;
    expect([floor.looks, floor.started.length, end.stopped]).to.deep.equal([8, 0, 'person']);
    expect(countRollout(end.lines).notStarted).to.equal(20);
  });

  it('names the devices that failed, and those that are still to come', async () => {
    const floor = new Floor();
    floor.off = new Set(['device-3']);
    const run = await start(planFor(4, { firstWave: 0 }), floor);
    await floor.end('device-0');
    await floor.end('device-1', 'failed');
    await floor.end('device-2', 'cancelled');
    const { lines } = await run.end;
    expect(failedOf(lines)).to.deep.equal(['device-1']);
    expect(restOf(lines)).to.deep.equal(['device-2', 'device-3']);
  });

  it('widens while the throughput grows, and narrows where connections are lost', async () => {
    const run = await start(planFor(60, { firstWave: 0, width: null }));
    const first = run.floor.running.size;
    expect(first).to.equal(4);
    for (const id of [...run.floor.running.keys()]) await run.floor.end(id);
    expect(run.floor.running.size).to.equal(first * 2);
    const [victim] = run.floor.running.keys();
    await run.floor.end(victim ?? '', 'failed');
    expect(run.states.at(-1)?.width).to.equal(first);
  });

  it('starts the rest four at once, however its first wave went', async () => {
    for (const outcome of ['updated', 'failed'] as const) {
      const run = await start(planFor(60, { firstWave: 4, width: null }));
      for (const id of [...run.floor.running.keys()]) await run.floor.end(id, outcome);
      run.controls.answerFirstWave('go-on');
      await settle();
      expect(run.floor.running.size, outcome).to.equal(4);
    }
  });

  it('does not narrow where an update fails for another reason than its connection', async () => {
    const refused = { ...endedAs('failed'), code: 'unauthorised' } as Outcome;
    for (const outcome of ['rolled-back', 'rejected', 'not-seen-again', 'cancelled', refused] as const) {
      const run = await start(planFor(60, { firstWave: 0, width: null }));
      await run.floor.end('device-0', outcome);
      expect(run.states.at(-1)?.width).to.equal(4);
    }
  });

  it('narrows where most updates needed another try', async () => {
    const stumbled = endedAs('updated');
    const retried = { ...stumbled, progress: { ...stumbled.progress, retries: 3 } };
    const run = await start(planFor(60, { firstWave: 0, width: null }));
    for (const id of [...run.floor.running.keys()]) await run.floor.end(id, retried);
    expect(run.states.at(-1)?.width).to.equal(2);
  });

  it('is as wide after a pause as it would have been without', async () => {
    const run = await start(planFor(60, { firstWave: 0, width: null }));
    for (const id of [...run.floor.running.keys()]) await run.floor.end(id);
    run.floor.took = 400;
    run.controls.pause();
    run.floor.now += 3_600_000;
    for (const id of [...run.floor.running.keys()]) await run.floor.end(id);
    run.controls.resume();
    await settle();
    for (const id of [...run.floor.running.keys()]) await run.floor.end(id);
    expect(run.states.at(-1)?.width).to.equal(16);
  });
});

type Action =
  | { readonly does: 'end'; readonly which: number; readonly outcome: OutcomeName }
  | { readonly does: 'pause' | 'resume' | 'finish' | 'go-on' | 'stop' };

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({ does: fc.constant('end'), which: fc.nat(40), outcome: fc.constantFrom(...OUTCOMES) }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constantFrom('pause', 'resume', 'finish', 'go-on', 'stop') }) },
);

describe('any rollout', () => {
  it('keeps its promises whatever ends how and whoever presses what', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          count: fc.integer({ min: 0, max: 30 }),
          off: fc.array(fc.nat(29)),
          firstWave: fc.integer({ min: 0, max: 4 }),
          width: fc.option(fc.integer({ min: 1, max: 8 })),
          failures: fc.option(fc.integer({ min: 1, max: 6 })),
          share: fc.option(fc.constantFrom(0.2, 0.5, 0.6, 1)),
          twice: fc.boolean(),
          done: fc.uniqueArray(fc.tuple(fc.nat(29), fc.constantFrom(...OUTCOMES)), { selector: ([at]) => at }),
          forgiven: fc.array(fc.nat(29), { maxLength: 5 }),
        }),
        fc.array(action, { maxLength: 60 }),
        async ({ count, off, firstWave, width, failures, share, twice, ...earlier }, actions) => {
          const floor = new Floor();
          floor.off = new Set(off.map((at) => `device-${at}`));
          const done = new Map(earlier.done.filter(([at]) => at < count).map(([at, is]) => [`device-${at}`, is]));
          const forgiven = new Set(earlier.forgiven.map((at) => `device-${at}`).filter((id) => done.has(id)));
          const counted = [...done].flatMap(([id, outcome]) => (forgiven.has(id) ? [] : [outcome]));
          const atMark = (): boolean => {
            const failed = counted.filter(wentWrong).length;
            const ended = counted.filter((outcome) => outcome !== 'cancelled').length;
            return (
              (failures !== null && failed >= failures) || (share !== null && ended >= 5 && failed / ended >= share)
            );
          };
          const plan = planFor(count, {
            ...{ done, forgiven },
            devices: twice ? [...ids(count), ...ids(count)] : ids(count),
            firstWave,
            width,
            stopAt: { failures, share },
          });
          const run = await start(plan, floor);
          expect(floor.mostLooking).to.be.at.most(8);
          // Marks do not go away: once there, for ever there, also where more than the mark goes well afterwards.
          let marked = atMark();
          if (marked) expect(floor.started.length, 'nothing starts at the stop mark').to.equal(0);
          const holdWidth = (): void => {
            for (const { running, allowed } of floor.starts) {
              expect(running, 'never more at once than allowed just then').to.be.at.most(allowed);
              if (width !== null) expect(running).to.be.at.most(width);
            }
          };
          const endOne = async (which: number, outcome: OutcomeName): Promise<void> => {
            const id = [...floor.running.keys()][which % Math.max(1, floor.running.size)];
            if (id === undefined) return;
            const before = floor.started.length;
            await floor.end(id, outcome);
            counted.push(outcome);
            marked ||= atMark();
            if (marked) expect(floor.started.length, 'never past the stop mark').to.equal(before);
          };
          for (const one of actions) {
            if (one.does === 'end') await endOne(one.which, one.outcome);
            else if (one.does === 'pause') run.controls.pause();
            else if (one.does === 'resume') run.controls.resume();
            else if (one.does === 'finish') run.controls.finish();
            else run.controls.answerFirstWave(one.does);
            await settle();
            holdWidth();
          }
          // Everything that was begun is brought to its end.
          run.controls.resume();
          run.controls.answerFirstWave('go-on');
          await settle();
          for (let turn = 0; floor.running.size > 0 && turn <= count; turn += 1) await endOne(0, 'updated');
          const end = await run.end;
          expect(new Set(floor.started).size, 'never a device twice').to.equal(floor.started.length);
          expect([...end.lines.keys()]).to.deep.equal(ids(count));
          for (const [id, line] of end.lines) {
            expect(line.kind).to.be.oneOf(['ended', 'skipped', 'not-started']);
            expect(line.kind === 'ended', 'an outcome where it was started, and only there').to.equal(
              floor.started.includes(id) || done.has(id),
            );
            if (done.has(id)) expect(floor.started, 'what an earlier visit ended is left alone').not.to.include(id);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
