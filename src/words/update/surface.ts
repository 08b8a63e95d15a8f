/**
 * Where an update is told: beside the page’s buttons, or where there are none. A sentence names what differs by a mark
 * in braces, which begins with a capital letter where the sentence does: “Check the device, then {again}.”
 */
import { EDIT, RESUME } from '../kit/buttons.ts';
import { capital } from '../kit/locale.ts';
import { PAGE_OFF_BOARD } from './off-board-errors.ts';

/** What stands for each mark, as it is within a sentence. */
export interface Surface {
  /** What a person does for another try, */
  readonly again: string;
  /** and where the update goes on from what the device has. */
  readonly resume: string;
  /** After the name of a field: where it is. */
  readonly underEdit: string;
  readonly orTakeOver: string;
  /** What a person may do, too, about a half upload on a device that can be asked to restart, */
  readonly orRestartFirst: string;
  /** and does about one, once it has restarted, on a device that cannot. */
  readonly onceRestarted: string;
}

export const PAGE: Surface = {
  again: 'press Update',
  resume: `press ${RESUME}`,
  underEdit: ` under ${EDIT}`,
  orTakeOver: ', or take over',
  ...PAGE_OFF_BOARD,
};

/** On the page, where a device was only checked. */
export const CHECK: Surface = { ...PAGE, again: 'press “Check”' };

/** The sentence as it is read there, without a mark. */
export function asReadOn(surface: Surface, sentence: string): string {
  return Object.entries(surface).reduce(
    (said, [mark, words]: [string, string]) =>
      said.replaceAll(`{${mark}}`, words).replaceAll(`{${capital(mark)}}`, capital(words)),
    sentence,
  );
}
