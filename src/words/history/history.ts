/** What the history says of one update. */
import type { HistoryEntry } from '../../model/update/history-entry.ts';
import { describeAnyOutcome } from '../update/describe-any.ts';

/** What happened, what it means, what to do. Empty where nothing is known of it. */
export function endingInWords({ ending, dialect, bytes, size, deviceName, version }: HistoryEntry): string {
  if (ending.kind === 'text') return ending.text;
  const progress = { acknowledged: bytes, total: size };
  return describeAnyOutcome({ ...ending.facts, dialect, progress }, { device: deviceName, version }).detail;
}
