/** The steps of an update. Each asks the device one thing, and answers with the step that follows or with the error. */
import { resultOf } from '../answer-of.ts';
import type { Run } from '../run.ts';
import type { Ask, StepResult } from './step.ts';
import { begin, check, open } from './checking.ts';
import { finalize, look, markValid } from './finishing.ts';
import { askWhere, write } from './writing.ts';

export function perform(step: Ask, run: Run): Promise<StepResult> {
  return resultOf(ask(step, run));
}

function ask(step: Ask, run: Run): Promise<StepResult> {
  switch (step.kind) {
    case 'open':
      return open(run);
    case 'check':
      return check(run);
    case 'begin':
      return begin(run, step.force);
    case 'write':
      return write(run);
    case 'ask':
      return askWhere(run);
    case 'finalize':
      return finalize(run);
    case 'look':
      return look(run);
    case 'mark-valid':
      return markValid(run);
  }
}
