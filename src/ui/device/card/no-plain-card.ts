/** Takes the place of `plain-card.ts` in the page that a board serves, which has one device and no list. */
import type { plainCard as plain } from './plain-card.ts';

export const plainCard: readonly (typeof plain)[] = [];
