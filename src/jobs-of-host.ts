/** Makes what follows the updates that the host runs. Part of the composition root; loaded with the first of them. */
import type { WritableAtom } from 'nanostores';
import type { JobKeys } from './model/page/job-calls.ts';
import { pageClock } from './page/clock.ts';
import { pageConnectivity } from './page/connectivity.ts';
import type { HostKey } from './page/host/host-key.ts';
import { jobCalls } from './page/host/job-calls.ts';
import { uploadByXhr } from './page/upload.ts';
import { newJobRef } from './page/host/new-job-ref.ts';
import type { DevicesState } from './state/device/devices.ts';
import type { RolloutView } from './model/rollout/rollout-view.ts';
import { HostRollouts, type HostRolloutsParts } from './state/rollout/host-rollout.ts';
import { JobsState } from './state/jobs/jobs.ts';
import type { RunChoiceState } from './state/jobs/run-choice.ts';
import type { NoticesState } from './state/notices.ts';
import type { QuestionsState } from './state/questions.ts';
import type { UpdatesState } from './state/update/updates.ts';
import { newId } from './storage/vault/seal.ts';

interface Parts {
  readonly key: HostKey;
  readonly keys: JobKeys;
  readonly choice: RunChoiceState;
  readonly devices: DevicesState;
  readonly updates: UpdatesState;
  readonly notices: NoticesState;
  readonly questions: QuestionsState;
}

interface RolloutParts extends Omit<HostRolloutsParts, 'clock' | 'newId' | 'newRef'> {
  readonly view: WritableAtom<RolloutView>;
}

export function rolloutsOfHost({ view, ...parts }: RolloutParts): HostRollouts {
  return new HostRollouts({ ...parts, clock: pageClock, newId, newRef: newJobRef }, view);
}

export function jobsOfHost({ key, ...parts }: Parts): JobsState {
  return new JobsState({
    ...parts,
    calls: jobCalls(key.fetch, pageClock, (request) =>
      uploadByXhr({ ...request, url: new URL(request.url, window.location.origin).href, headers: key.headers }),
    ),
    clock: pageClock,
    random: Math.random,
    connectivity: pageConnectivity,
    newId,
    newRef: newJobRef,
  });
}
