/** What is said of many devices before an update that may be the last one to reach them; of one, `describe.ts` says it. */

/** More names than this are no sentence any more. */
const NAMED = 5;

/** @param names of the devices, one at least */
export function onlyUpdatesText(names: readonly string[]): string {
  const [runs, their] = names.length === 1 ? ['runs', 'its factory slot'] : ['run', 'their factory slots'];
  return `${listOf(names)} ${runs} from ${their}. If a table has only one update slot besides that, like the published board, this is the only update over the air: later ones need a cable.`;
}

/** "Hall", "Hall and Attic", "Hall, Attic, Porch, Cellar, Shed and 7 others". */
function listOf(names: readonly string[]): string {
  const rest = names.length - NAMED;
  const shown = rest > 1 ? [...names.slice(0, NAMED), `${rest} others`] : names;
  const last = shown.at(-1) ?? '';
  return shown.length === 1 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}
