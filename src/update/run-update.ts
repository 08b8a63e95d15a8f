import type { UpdateControls } from './controls.ts';
import type { UpdatePlan, UpdatePorts } from './plan.ts';
import { type Decision, decide } from './recovery.ts';
import { rest } from './rest.ts';
import { Run } from './run.ts';
import { type Ask, type Ending, Refusal, type Step } from './step.ts';
import { perform } from './steps.ts';
import { chunkEnd } from './steps-writing.ts';
import { DEFAULT_PATIENCE_MS } from './time-limits.ts';
import { UpdateError, type UpdateErrorCode } from './update-error.ts';
import type { ActiveState, Outcome, UpdateState, WaitReason } from './update-state.ts';
import { windDown } from './wind-down.ts';

/**
 * Runs one update: yields every state, the last one is the outcome. At most one request is in flight. After any
 * doubt the device is asked, and what it says decides.
 *
 * @throws only for a defect: whatever a device, a network or a person does is an outcome
 */
export async function* runUpdate(
  plan: UpdatePlan,
  ports: UpdatePorts,
  controls: UpdateControls,
): AsyncGenerator<UpdateState, void, void> {
  const run = new Run(plan, ports, controls.cancelled);
  const isCancelled = () => controls.cancelled.aborted;
  const isPaused = () => controls.paused;
  let step: Step = { do: 'open' };

  for (;;) {
    if (step.do === 'end') {
      yield await end(run, ended(run, step.with));
      return;
    }
    if (isCancelled()) {
      yield await end(run, await cancelled(run));
      return;
    }
    if (isPaused()) {
      run.meter.rested();
      yield waiting(run, 'paused');
      await rest(null, ports, controls);
      // While nothing was sent the device may have restarted, or let the session go.
      if (step.do === 'write' && run.link.tellsStatus) step = { do: 'ask' };
      continue;
    }

    if (step.do === 'write' && !run.meter.complete) {
      const start = run.meter.acknowledged;
      run.meter.sending({ start, end: chunkEnd(run, start) });
    }
    const tried = step;
    yield active(run, tried);
    const startedAt = ports.clock.now();
    try {
      step = await perform(tried, run);
    } catch (error) {
      if (!(error instanceof UpdateError)) throw error;
      if (isCancelled()) continue;
      const phase = phaseOf(tried, run);
      const decision = decide(run, tried, error, ports.clock.now() - startedAt);
      if (decision.then === 'end') {
        yield await end(run, await endedByError(run, decision, phase));
        return;
      }
      // A pause outranks every retry: the loop's top sees it before anything is sent.
      step = decision.step;
      if (isPaused()) continue;
      const shown = whileWaiting(run, decision, error.code);
      if (shown) yield shown;
      await rest(decision.delayMs, ports, controls);
    }
  }
}

/** A step asks the device something; waiting and retrying are what lies between two of them. */
function phaseOf(step: Ask, run: Run): Exclude<ActiveState['phase'], 'waiting' | 'retrying'> {
  switch (step.do) {
    case 'open':
      return 'detecting';
    case 'check':
    case 'ask':
      return 'checking';
    case 'begin':
      return 'beginning';
    case 'write':
      return 'writing';
    case 'finalize':
      return run.finalizeFailures > 0 ? 'restarting' : 'finalizing';
    case 'look':
      return 'restarting';
    case 'mark-valid':
      return 'confirming';
  }
}

function active(run: Run, step: Ask): ActiveState {
  const phase = phaseOf(step, run);
  const now = { dialect: run.linkIfOpen?.dialect ?? null, progress: run.progress() };
  if (phase === 'restarting') {
    const patienceMs = run.plan.patienceMs ?? DEFAULT_PATIENCE_MS;
    return { ...now, phase, elapsedMs: run.lookedForMs, patienceMs };
  }
  return { ...now, phase };
}

function waiting(run: Run, why: WaitReason): ActiveState {
  return { phase: 'waiting', why, dialect: run.linkIfOpen?.dialect ?? null, progress: run.progress() };
}

function whileWaiting(
  run: Run,
  decision: Extract<Decision, { then: 'go-on' }>,
  after: UpdateErrorCode,
): ActiveState | null {
  if (decision.show === null) return null;
  if (decision.show !== 'retrying') return waiting(run, decision.show);
  const { delayMs, startedOver } = decision;
  const dialect = run.linkIfOpen?.dialect ?? null;
  return { phase: 'retrying', after, attempt: run.attempt, delayMs, startedOver, dialect, progress: run.progress() };
}

function atEnd(run: Run) {
  return {
    phase: 'ended',
    dialect: run.linkIfOpen?.dialect ?? null,
    progress: run.progress(),
    durationMs: run.ports.clock.now() - run.startedAt,
  } as const;
}

function ended(run: Run, ending: Ending): Outcome {
  const common = atEnd(run);
  switch (ending.outcome) {
    case 'updated':
      return { ...common, outcome: 'updated', slot: ending.slot, markedValid: true };
    case 'accepted':
      return { ...common, outcome: 'accepted' };
    case 'staged':
      return { ...common, outcome: 'staged', slot: ending.slot };
    case 'rolled-back':
      return { ...common, outcome: 'rolled-back', slot: ending.slot };
  }
}

async function cancelled(run: Run): Promise<Outcome> {
  // Once it was asked to finalize there is no session to end, and the restart cannot be taken back.
  const deviceIdle = run.finalizeSent ? null : await windDown(run);
  const oldFirmware = run.finalizeSent ? 'unknown' : 'runs';
  return { ...atEnd(run), outcome: 'cancelled', deviceIdle, oldFirmware, begun: run.begun };
}

async function endedByError(
  run: Run,
  decision: Extract<Decision, { then: 'end' }>,
  during: ActiveState['phase'],
): Promise<Outcome> {
  switch (decision.as) {
    case 'rejected':
      // The session stays open on the device after a refusal, and would answer "busy" to the next try.
      await windDown(run);
      return { ...atEnd(run), outcome: 'rejected', said: decision.said };
    case 'not-seen-again':
      return { ...atEnd(run), outcome: 'not-seen-again', patienceMs: run.plan.patienceMs ?? DEFAULT_PATIENCE_MS };
    case 'staged':
      return { ...atEnd(run), outcome: 'staged', slot: run.session?.slot ?? null };
    case 'failed':
      return failed(run, decision.error, during);
  }
}

function failed(run: Run, error: UpdateError, during: ActiveState['phase']): Outcome {
  const refusal = error instanceof Refusal ? error : null;
  const oldFirmware = error.code === 'not-marked-valid' ? 'replaced' : run.finalizeSent ? 'unknown' : 'runs';
  const { code, status, said } = error;
  return {
    ...atEnd(run),
    outcome: 'failed',
    code,
    during,
    status,
    said,
    oldFirmware,
    resumable: run.begun && (run.linkIfOpen?.tellsStatus ?? false) && !leavesNothing(code),
    otherSession: refusal?.otherSession ?? null,
    judgement: refusal?.judgement ?? null,
  };
}

/** Errors that say that our session is not on the device any more. */
function leavesNothing(code: UpdateErrorCode): boolean {
  return code === 'session-lost' || code === 'session-spoilt' || code === 'other-session' || code === 'unconfirmed';
}

/** Brings the journal in line with the end: what can go on stays in it. */
async function end(run: Run, outcome: Outcome): Promise<Outcome> {
  if (!staysInJournal(run, outcome)) await run.journal.clear(run.plan.deviceId);
  // Nothing was begun: what an earlier run left is still how things stand.
  else if (!run.begun && run.left) run.journal.note(run.left);
  else if (!run.begun) await run.journal.clear(run.plan.deviceId);
  await run.journal.settled();
  return outcome;
}

function staysInJournal(run: Run, outcome: Outcome): boolean {
  switch (outcome.outcome) {
    case 'updated':
    case 'accepted':
    case 'staged':
    case 'rolled-back':
    case 'rejected':
      return false;
    case 'not-seen-again':
      return true;
    case 'cancelled':
      // A session that may still be open is ours to go on from, or to end, the next time.
      return run.begun ? outcome.deviceIdle !== true : true;
    case 'failed':
      return run.begun ? !leavesNothing(outcome.code) : true;
  }
}
