/** How an update stands or ended, where there are no buttons: in a terminal, and on the pages of a rollout server. */
import type { UpdateState } from '../../model/update/update-state.ts';
import { HAS_RESTARTED } from '../kit/buttons.ts';
import { describeAny } from './describe-any.ts';
import type { Names, Words } from './told.ts';

/** What is said of the page's buttons, forms and browser, and what is said in its place: one after the other. */
const ELSEWHERE: readonly (readonly [page: string, elsewhere: string])[] = [
  // What of the two the button says makes no difference here.
  ['ress Resume', 'ress Update'],
  ['Press “Restart and update”, or unplug it for a moment and press Update', 'Unplug it for a moment, then send again'],
  [`press “${HAS_RESTARTED}”`, 'send the file again'],
  ['Press Update to try again', 'Send the file again'],
  ['Press Update to send it again', 'Send the file again'],
  ['Press Update', 'Send the file again'],
  ['press Update', 'send the file again'],
  ['Resume continues from there', 'Send the file again to continue from there'],
  ['and Update continues from there', 'and the next update continues from there'],
  ['Wait until it ends, or take over', 'Wait until it ends'],
  [' under Edit', ''],
  ['the device is off, out of range, or the browser may not reach it', 'the device is off or out of range'],
];

export function describeElsewhere(state: UpdateState, names: Names): Words {
  const { title, detail } = describeAny(state, names);
  return { title, detail: ELSEWHERE.reduce((said, [page, elsewhere]) => said.replaceAll(page, elsewhere), detail) };
}
