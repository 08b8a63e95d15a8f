/** How an update stands or ended, where there are no buttons: in a terminal, and on the pages of a rollout server. */
import type { UpdateState } from '../../model/update/update-state.ts';
import { describeAny } from './describe-any.ts';
import type { Surface } from './surface.ts';
import type { Names, Words } from './told.ts';

const SEND_AGAIN = 'send the file again';

const ELSEWHERE: Surface = {
  again: SEND_AGAIN,
  resume: SEND_AGAIN,
  underEdit: '',
  orTakeOver: '',
  orRestartFirst: '',
  onceRestarted: SEND_AGAIN,
};

export function describeElsewhere(state: UpdateState, names: Names): Words {
  const { title, detail } = describeAny(state, { ...names, surface: ELSEWHERE });
  return { title, detail };
}
