/** A rollout of the host's as the page draws one. Pure. */
import { placeOf, type Device } from '../../model/device/device.ts';
import type { HostRollout, RolloutMember } from '../../model/jobs/host-rollout.ts';
import { endedLines, type RolloutRecord } from '../../model/rollout/rollout-record.ts';
import type { RolloutLine } from '../../model/rollout/rollout-state.ts';
import type { RolloutView } from '../../model/rollout/rollout-view.ts';

/** What is known of it by now. */
export interface Merged {
  readonly rollout: HostRollout;
  /** By job. */
  readonly lines: ReadonlyMap<string, RolloutLine>;
  /** The saved device of each job, by id; of one that is not saved here the job's own. */
  readonly ids: ReadonlyMap<string, string>;
}

export function deviceIdsOf(members: readonly RolloutMember[], saved: readonly Device[]): ReadonlyMap<string, string> {
  const byPlace = new Map(saved.map((device) => [placeOf(device), device.id]));
  const ids = new Map<string, string>();
  for (const { job, device } of members) {
    const place = placeOf(device);
    ids.set(job, byPlace.get(place) ?? job);
    // Two lines of one device would become one, so the second keeps the job's own id.
    byPlace.delete(place);
  }
  return ids;
}

export function viewOf({ rollout, lines: byJob, ids }: Merged, onHost: 'heard' | 'away'): RolloutView {
  const { standing, finishing, phase, width, stopped } = rollout;
  const { sha256, name, version } = rollout.firmware;
  const firmware = { sha256, name, version };
  const lines = new Map([...byJob].map(([job, line]) => [ids.get(job) ?? job, line]));
  switch (standing) {
    case 'offers-to-go-on':
    case 'waiting-for-token':
      return {
        ...{ kind: 'offer', firmware, record: recordOf(rollout, lines) },
        onHost: standing === 'waiting-for-token' ? 'needs-token' : 'ready',
      };
    case 'running':
    case 'paused':
    case 'ended':
      return {
        kind: standing === 'ended' ? 'ended' : 'running',
        firmware,
        state: { phase, lines, width, stopped },
        ...{ paused: standing === 'paused', finishing, onHost },
      };
  }
}

function recordOf(
  { firmware, options, stopped, createdAt }: HostRollout,
  lines: ReadonlyMap<string, RolloutLine>,
): RolloutRecord {
  return {
    ...options,
    ...{ sha256: firmware.sha256, firmwareName: firmware.name, devices: [...lines.keys()] },
    ...{ ended: endedLines(lines), stopped, forgiven: [], startedAt: createdAt },
  };
}
