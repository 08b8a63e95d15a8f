/** What is said of many devices before an update that may be the last one to reach them; of one, `describe.ts` says it. */

import { listOf, plural } from '../kit/locale.ts';

/** @param names of the devices, one at least */
export function onlyUpdatesText(names: readonly string[]): string {
  const run = plural(names.length, 'runs from its factory slot', 'run from their factory slots');
  return `${listOf(names)} ${run}. If a table has only one update slot besides that, like the published board, this is the only update over the air: later ones need a cable.`;
}
