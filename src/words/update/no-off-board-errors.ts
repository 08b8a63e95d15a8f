/** Takes the place of `off-board-errors.ts` in the page that a board serves: nothing there ends with one of these. */
import type * as errors from './off-board-errors.ts';

export const WHY_OFF_BOARD = {} as typeof errors.WHY_OFF_BOARD;
export const NEXT_OFF_BOARD = {} as typeof errors.NEXT_OFF_BOARD;
export const PAGE_OFF_BOARD = {} as typeof errors.PAGE_OFF_BOARD;
