import type { UpdateControls } from './controls.ts';
import { outcomeOf, outcomeOfCancel, outcomeOfError, settleJournal } from './outcome.ts';
import type { UpdatePlan, UpdatePorts } from '../model/update/plan.ts';
import { decide } from './decide.ts';
import { wait } from './wait.ts';
import { Run } from './run.ts';
import type { Ask, Step } from './steps/step.ts';
import { perform } from './steps/perform.ts';
import { chunkEnd } from './steps/writing.ts';
import { beforeNextTry, type Now, restarting, waitAfter, waiting } from './meanwhile.ts';
import { SLEPT_MS } from './time-limits.ts';
import type { ActiveState, UpdateState } from '../model/update/update-state.ts';
import { saidYes, withError } from './known.ts';
import type { runWholeImage } from './whole-image/run-whole-image.ts';

/** The part of the engine for devices that take an image whole, loaded when one is there. */
export type WholeImageEngine = () => Promise<{ readonly runWholeImage: typeof runWholeImage }>;

/**
 * Runs one update: yields every state, the last one is the outcome. At most one request is in flight. After any
 * doubt the device is asked, and what it says decides.
 *
 * @param wholeImages null where no link to a device that takes an image whole is ever opened
 * @throws only for a defect: whatever a device, a network or a person does is an outcome
 */
export async function* runUpdate(
  plan: UpdatePlan,
  ports: UpdatePorts,
  controls: UpdateControls,
  wholeImages: WholeImageEngine | null = null,
): AsyncGenerator<UpdateState, void, void> {
  const run = new Run(plan, ports, controls.cancelled);
  const isCancelled = () => controls.cancelled.aborted;
  const isPaused = () => controls.paused;
  let step: Step = { kind: 'open' };
  let last: { readonly kind: Ask['kind']; readonly at: number } | null = null;

  for (;;) {
    if (step.kind === 'end') {
      yield await settleJournal(run, outcomeOf(run, step.with));
      return;
    }
    if (step.kind === 'whole-image') {
      if (wholeImages === null) throw new Error('A link of a kind that nothing here speaks.');
      const engine = await wholeImages();
      yield* engine.runWholeImage({
        ...{ plan, ports, controls, link: step.link },
        ...{ left: run.known.left, startedAt: run.startedAt },
      });
      return;
    }
    // No next chunk follows that would note it.
    if (step.kind === 'write' && (isCancelled() || isPaused())) run.note('writing');
    if (isCancelled()) {
      yield await settleJournal(run, await outcomeOfCancel(run));
      return;
    }
    if (isPaused()) {
      run.meter.resetSpeed();
      yield waiting(now(run), 'paused');
      await wait(null, ports, controls);
      // While nothing was sent, the device may have restarted, or dropped the session.
      if (needsSession(step, run)) step = { kind: 'ask' };
      continue;
    }

    // The last step took so long that the page may have slept: the device may have restarted since, or dropped the
    // session.
    const slept = last !== null && last.kind !== 'ask' && ports.clock.date() - last.at > SLEPT_MS;
    if (slept && needsSession(step, run)) step = { kind: 'ask' };

    if (step.kind === 'write' && !run.meter.complete) {
      const start = run.meter.acknowledged;
      run.meter.send({ start, end: chunkEnd(run, start) });
    }
    const tried: Ask = step;
    last = { kind: tried.kind, at: ports.clock.date() };
    yield active(run, tried);
    const startedAt = ports.clock.now();
    const result = await perform(tried, run);
    if (result.kind !== 'trouble') {
      step = result;
      continue;
    }
    const { error } = result;
    run.become(withError(run.known, error));
    if (isCancelled()) continue;
    const phase = phaseOf(tried, run);
    const decided = decide(run.view(ports.random()), tried, error, ports.clock.now() - startedAt);
    run.follow(decided);
    const { decision } = decided;
    if (decision.kind !== 'go-on') {
      yield await settleJournal(run, await outcomeOfError(run, decision, phase));
      return;
    }
    // A pause outranks every retry: the top of the loop handles it before anything is sent.
    step = decision.step;
    if (isPaused()) continue;
    const shown = beforeNextTry(now(run), decision, error.code, run.known.tries.attempt);
    if (shown !== null) yield shown;
    await waitAfter(error, decision, ports, controls);
  }
}

/** Whether the step is only right while our session is open, and the device can be asked whether it is. */
function needsSession(step: Ask, run: Run): boolean {
  return (
    (step.kind === 'write' || (step.kind === 'finalize' && !run.known.finalizeSent)) &&
    run.linkIfOpen?.tellsStatus === true
  );
}

/** The phase of a step. Waiting and retrying are the phases between two steps. */
function phaseOf(step: Ask, run: Run): Exclude<ActiveState['phase'], 'waiting' | 'retrying'> {
  switch (step.kind) {
    case 'open':
      return 'detecting';
    case 'check':
      return 'checking';
    case 'ask':
      return saidYes(run.known) ? 'restarting' : 'checking';
    case 'begin':
      return 'beginning';
    case 'write':
      return 'writing';
    case 'finalize':
      return run.known.tries.finalizeFailures > 0 || saidYes(run.known) ? 'restarting' : 'finalizing';
    case 'look':
      return 'restarting';
    case 'mark-valid':
      return 'confirming';
  }
}

function now(run: Run): Now {
  return {
    dialect: run.linkIfOpen?.dialect ?? null,
    progress: run.progress(),
    startedOver: run.known.startedOver,
    ...(run.known.mayBeOnlyUpdate && { mayBeOnlyUpdate: true }),
  };
}

function active(run: Run, step: Ask): ActiveState {
  const phase = phaseOf(step, run);
  return phase === 'restarting' ? restarting(now(run), run.known.tries.lookedForMs, run.plan) : { ...now(run), phase };
}
