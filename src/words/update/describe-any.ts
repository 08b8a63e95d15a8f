/** What an update of any kind is doing, and how it ended, in words. */
import { goesWhole } from '../../model/device/dialect.ts';
import type { UpdateState } from '../../model/update/update-state.ts';
import { describe, describeOutcome } from './describe.ts';
import type { Names, ToldOutcome, Words } from './told.ts';
import { describeWholeActive, describeWholeOutcome } from './whole-image.ts';

export function describeAny(state: UpdateState, names: Names): Words {
  if (!goesWhole(state.dialect)) return describe(state, names);
  return state.phase === 'ended' ? describeWholeOutcome(state, names) : describeWholeActive(state);
}

/** How an update ended, as far as it is told. */
export function describeAnyOutcome(state: ToldOutcome, names: Names): Words {
  return goesWhole(state.dialect) ? describeWholeOutcome(state, names) : describeOutcome(state, names);
}
