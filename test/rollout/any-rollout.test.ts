import { expect } from 'chai';
import { wentWrong } from '../../src/model/rollout/rollout-state.ts';
import type { OutcomeName } from '../../src/model/update/update-state.ts';
import { OUTCOMES } from '../update/scripted/outcomes.ts';
import { Floor, settle, ids, planFor, start } from './floor.ts';
import { fc, howMany } from '../random.ts';

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
  it('keeps its promises however its updates end and whichever buttons are pressed', async () => {
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
          // A mark stays: once reached, it is reached for good, also where many updates go well afterwards.
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
          // Every update that was begun is brought to its end.
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
      { numRuns: howMany(500) },
    );
  });
});
