/** What is shown between two steps, and for how long the engine waits there, the same for every kind of device. */
import type { UpdatePlan, UpdatePorts } from '../model/update/plan.ts';
import { RESTART_PATIENCE_MS } from '../model/update/restart-patience.ts';
import type { UpdateError } from '../model/update/update-error.ts';
import type { UpdateErrorCode } from '../model/update/error-codes.ts';
import type { ActiveState, WaitReason } from '../model/update/update-state.ts';
import { askedFor } from './backoff.ts';
import type { UpdateControls } from './controls.ts';
import { LET_GO_MS } from './time-limits.ts';
import { wait } from './wait.ts';

/** What every state of a running update tells. */
export type Now = Omit<Extract<ActiveState, { phase: 'waiting' }>, 'phase' | 'why'>;

/** Another try that was decided on. `show`: what the person sees meanwhile; null: nothing. */
interface GoOn {
  readonly delayMs: number;
  readonly show: 'retrying' | WaitReason | null;
}

export function waiting(now: Now, why: WaitReason): ActiveState {
  return { ...now, phase: 'waiting', why };
}

/** @param after what it is tried again after, for the `attempt`-th time */
export function beforeNextTry(
  now: Now,
  { show, delayMs }: GoOn,
  after: UpdateErrorCode,
  attempt: number,
): ActiveState | null {
  if (show === null) return null;
  return show === 'retrying' ? { ...now, phase: 'retrying', after, attempt, delayMs } : waiting(now, show);
}

type Restarting = Extract<ActiveState, { phase: 'restarting' }>;

export function restarting(now: Now, elapsedMs: number, plan: Pick<UpdatePlan, 'patienceMs'>): Restarting {
  return { ...now, phase: 'restarting', elapsedMs, patienceMs: plan.patienceMs ?? RESTART_PATIENCE_MS };
}

/** Waits before the next try. @param error null: the device answered, and is only asked again */
export async function waitAfter(
  error: UpdateError | null,
  { delayMs }: GoOn,
  ports: Pick<UpdatePorts, 'clock' | 'connectivity'>,
  controls: UpdateControls,
): Promise<void> {
  const letGoMs = error?.code === 'silent' ? LET_GO_MS : 0;
  const askedForMs = error === null ? 0 : askedFor(error);
  await wait(Math.max(letGoMs, delayMs), ports, controls, Math.max(letGoMs, askedForMs));
}
