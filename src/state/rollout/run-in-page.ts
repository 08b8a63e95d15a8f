import { type RolloutControls } from '../../rollout/controls.ts';
import { runRollout } from '../../rollout/run-rollout.ts';
import { endedLines, planOf, type RolloutRecord, type RolloutStore } from '../../model/rollout/rollout-record.ts';
import type { RolloutView } from '../../model/rollout/rollout-view.ts';
import type { Firmware } from '../firmware/chosen.ts';
import type { QuestionsState } from '../questions.ts';
import { firmwareName } from '../update/update-view.ts';
import { RolloutCrew, type RolloutCrewParts } from './rollout-crew.ts';

export interface PageRollout {
  readonly controls: RolloutControls;
  readonly firmware: Firmware;
  readonly record: RolloutRecord;
  /** It is the one of an earlier visit. */
  readonly goesOn: boolean;
}

export interface RunInPageParts extends RolloutCrewParts {
  readonly store: Pick<RolloutStore, 'write'>;
  readonly questions: Pick<QuestionsState, 'ask'>;
}

/** Runs it to its end, shows how it stands, and writes down what has ended, so that a page that was closed can go on. */
export async function runInPage(
  { controls, firmware, record, goesOn }: PageRollout,
  parts: RunInPageParts,
  show: (view: RolloutView) => void,
): Promise<void> {
  const { clock, devices, questions, store } = parts;
  const named = firmwareName(firmware);
  const crew = new RolloutCrew(parts, record.devices, firmware, goesOn);
  let remembered = record;
  const plan = planOf(record, (id) => devices.find(id) !== undefined);
  const end = await runRollout(
    plan,
    {
      clock,
      look: (id) => crew.look(id),
      agree: (ids) => {
        const names = ids.flatMap((id) => devices.find(id)?.name ?? []);
        return questions.ask({
          kind: 'rollout',
          firmware: named.name,
          devices: plan.devices.length,
          doubt: { kind: 'only-update', names },
        });
      },
      update: (id) => crew.update(id),
    },
    controls,
    (state) => {
      const { paused, finishing } = controls;
      show({ kind: 'running', firmware: named, state, paused, finishing });
      const ended = endedLines(state.lines);
      const { stopped } = state;
      if (ended.length === remembered.ended.length && stopped === remembered.stopped) return;
      remembered = { ...record, ended, stopped };
      void store.write(remembered);
    },
  );
  show({ kind: 'ended', firmware: named, state: end, paused: false, finishing: controls.finishing });
}
