/** Which lines of the history somebody wants to see, and what a line says. */
import { OUTCOME_WORDS } from '../../words/update/outcome-words.ts';
import type { HistoryRow } from '../../model/update/history-entry.ts';
import type { OutcomeName } from '../../model/update/update-state.ts';

export interface HistoryWanted {
  /** Null: of every device. */
  readonly deviceId: string | null;
  /** Null: however it ended. */
  readonly outcome: OutcomeName | null;
  /** Words that the line has, in any order; empty: every line. */
  readonly text: string;
}

export const EVERYTHING: HistoryWanted = { deviceId: null, outcome: null, text: '' };

/** The ways an update ends, in the order a list of them has. */
export const OUTCOMES: readonly { readonly outcome: OutcomeName; readonly words: string }[] = (
  ['updated', 'accepted', 'staged', 'rolled-back', 'rejected', 'not-seen-again', 'failed', 'cancelled'] as const
).map((outcome) => ({ outcome, words: OUTCOME_WORDS[outcome] }));

export function outcomeWords(outcome: OutcomeName): string {
  return OUTCOME_WORDS[outcome];
}

export function isWanted(row: HistoryRow, { deviceId, outcome, text }: HistoryWanted): boolean {
  if (deviceId !== null && row.deviceId !== deviceId) return false;
  if (outcome !== null && row.outcome !== outcome) return false;
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const { deviceName, version, project, sha256, dialect, route, code } = row;
  const said = [deviceName, version, project, sha256, dialect, route, code, OUTCOME_WORDS[row.outcome]]
    .filter((part) => part !== null)
    .join(' ')
    .toLowerCase();
  return words.every((word) => said.includes(word));
}

/** Acknowledged bytes a second over the whole update; null where none were sent. */
export function averageSpeed({ bytes, durationMs }: Pick<HistoryRow, 'bytes' | 'durationMs'>): number | null {
  return bytes === 0 || durationMs === 0 ? null : (bytes / durationMs) * 1000;
}
