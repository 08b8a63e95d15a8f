/** Makes what follows the updates that the host runs. Part of the composition root; loaded with the first of them. */
import type { JobKeys } from './model/page/job-calls.ts';
import { pageClock } from './page/clock.ts';
import { pageConnectivity } from './page/connectivity.ts';
import type { HostKey } from './page/host-key.ts';
import { jobCalls } from './page/job-calls.ts';
import type { DevicesState } from './state/device/devices.ts';
import { JobsState } from './state/jobs/jobs.ts';
import type { RunChoiceState } from './state/jobs/run-choice.ts';
import type { NoticesState } from './state/notices.ts';
import type { QuestionsState } from './state/questions.ts';
import type { UpdatesState } from './state/update/updates.ts';
import { newId } from './storage/vault/seal.ts';

/** 128 bits, as 22 letters. */
const KEY_BYTES = 16;

interface Parts {
  readonly key: HostKey;
  readonly keys: JobKeys;
  readonly choice: RunChoiceState;
  readonly devices: DevicesState;
  readonly updates: UpdatesState;
  readonly notices: NoticesState;
  readonly questions: QuestionsState;
}

export function jobsOfHost({ key, ...parts }: Parts): JobsState {
  return new JobsState({
    ...parts,
    calls: jobCalls(key.fetch, pageClock),
    clock: pageClock,
    random: Math.random,
    connectivity: pageConnectivity,
    newId,
    newRef: () => ({ id: newId(), key: newKey() }),
  });
}

function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
