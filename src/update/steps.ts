/**
 * The steps of an update. Each asks the device one thing and names the step that follows; what goes wrong is thrown
 * as an `UpdateError`, and `recovery.ts` alone decides what becomes of it.
 */
import type { Run } from './run.ts';
import type { Ask, Step } from './step.ts';
import { begin, check, open } from './steps-checking.ts';
import { finalize, look, markValid } from './steps-ending.ts';
import { ask, write } from './steps-writing.ts';

export async function perform(step: Ask, run: Run): Promise<Step> {
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
      return ask(run);
    case 'finalize':
      return finalize(run);
    case 'look':
      return look(run);
    case 'mark-valid':
      return markValid(run);
  }
}
