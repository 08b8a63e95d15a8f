import type { HistoryEntry, HistoryRow } from '../model/update/history-entry.ts';

/** What the drawing of an update needs is stored apart from its line, so that listing the history stays quick. */
export type HistoryTrace = Omit<HistoryEntry, Exclude<keyof HistoryRow, 'id'>>;
