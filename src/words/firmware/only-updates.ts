/** What is said of many devices before an update that may be the last one to reach them; of one, `describe.ts` says it. */

import { listOf } from '../kit/locale.ts';

/** @param names of the devices, one at least */
export function onlyUpdatesText(names: readonly string[]): string {
  const [runs, their] = names.length === 1 ? ['runs', 'its factory slot'] : ['run', 'their factory slots'];
  return `${listOf(names)} ${runs} from ${their}. If a table has only one update slot besides that, like the published board, this is the only update over the air: later ones need a cable.`;
}
