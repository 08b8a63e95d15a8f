/** What a job that stands still offers, in the shape of what the page's own earlier visits offer. Pure. */
import type { Job } from '../../model/jobs/job.ts';
import type { JournalEntry } from '../../model/update/journal.ts';
import type { ActiveState, Outcome, UpdateState } from '../../model/update/update-state.ts';
import type { OfferedUpdate } from '../update/update-view.ts';

/** Null where nothing can go on. */
export function offerOf(deviceId: string, job: Job): OfferedUpdate | null {
  const { standing, firmware, update, plan, startedAt, createdAt } = job;
  if (standing.kind === 'ended' && !isResumable(standing.outcome)) return null;
  const entry: JournalEntry = {
    deviceId,
    sha256: firmware.sha256,
    size: firmware.size,
    // Before the device has answered nothing is written, and the dialect makes no difference.
    dialect: update?.dialect ?? 'shipped',
    ...{ sessionId: null, slot: update?.progress.slot ?? null, previousSlot: null },
    acknowledged: update?.progress.acknowledged ?? 0,
    sentTo: update?.progress.acknowledged ?? 0,
    phase: phaseOf(update),
    overruled: plan.overruled,
    at: startedAt ?? createdAt,
  };
  return { kind: 'offer', entry, firmware, onHost: standing.kind === 'waiting-for-token' ? 'needs-token' : 'ready' };
}

/** Whether nobody goes on with it: then the page has no use for its key. */
export function isOver(end: Outcome): boolean {
  return !isResumable(end);
}

function isResumable(end: Outcome): boolean {
  return end.outcome === 'failed' && (end.resumable || end.otherSession !== null);
}

function phaseOf(update: UpdateState | null): JournalEntry['phase'] {
  const phase: ActiveState['phase'] | undefined =
    update?.phase === 'ended' ? (update.outcome === 'failed' ? update.during : undefined) : update?.phase;
  switch (phase) {
    case 'restarting':
    case 'confirming':
      return 'restarting';
    case 'finalizing':
      return 'finalizing';
    case 'detecting':
    case 'checking':
    case 'beginning':
    case 'writing':
    case 'waiting':
    case 'retrying':
    case undefined:
      return 'writing';
  }
}
