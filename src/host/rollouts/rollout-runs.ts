/** Runs rollouts: the page's own policy, over the host's jobs. */
import type { RolloutOrder } from '../../model/jobs/rollout-requests.ts';
import type { OutcomeName } from '../../model/update/update-state.ts';
import type { RolloutLine, RolloutState } from '../../model/rollout/rollout-state.ts';
import { RolloutControls } from '../../rollout/controls.ts';
import { runRollout } from '../../rollout/run-rollout.ts';
import { isOver } from '../jobs/run/run-job.ts';
import { RolloutCrew, type RolloutCrewParts } from './rollout-crew.ts';
import type { RolloutEntry, RolloutList } from './rollout-list.ts';
import type { RolloutRecord } from './rollout-records.ts';

export interface RolloutRunsParts extends RolloutCrewParts {
  readonly rollouts: RolloutList;
}

/** What is told to one that runs. */
type Told = Exclude<RolloutOrder, { readonly kind: 'go-on' | 'again' | 'forget' }>;

export class RolloutRuns {
  readonly #parts: RolloutRunsParts;
  readonly #stopping = new AbortController();

  constructor(parts: RolloutRunsParts) {
    this.#parts = parts;
  }

  /** Runs it to its end, from where its lines are. */
  start(entry: RolloutEntry): void {
    const { rollouts, surprise } = this.#parts;
    const { plan } = entry;
    const controls = new RolloutControls();
    // Nobody is there to ask.
    if (plan.unattended) controls.answerFirstWave('stop');
    entry.controls = controls;
    const done = new Map(
      [...entry.lines].flatMap(([job, line]) => (line.kind === 'ended' ? [[job, line.outcome] as const] : [])),
    );
    this.#run(entry, controls, done).catch((error: unknown) => {
      surprise(error);
      entry.controls = null;
      entry.agree = null;
      rollouts.change(entry, { standing: 'offers-to-go-on', asks: [] });
    });
  }

  async #run(entry: RolloutEntry, controls: RolloutControls, done: ReadonlyMap<string, OutcomeName>): Promise<void> {
    const { rollouts, clock } = this.#parts;
    const { plan, now } = entry;
    const crew = new RolloutCrew(entry, this.#parts, this.#stopping.signal);
    const state = await runRollout(
      { ...plan.options, devices: [...entry.lines.keys()], done, forgiven: new Set(now.forgiven) },
      {
        clock,
        look: (job) => crew.look(job),
        agree: (jobs) => (plan.unattended ? Promise.resolve(true) : this.#ask(entry, jobs)),
        update: (job) => crew.update(job),
      },
      controls,
      (state) => this.#tell(entry, state),
    );
    if (this.#stopping.signal.aborted) return;
    entry.controls = null;
    entry.agree = null;
    this.#letGo(entry);
    const end = { standing: 'ended', endedAt: clock.date(), asks: [], finishing: controls.finishing } as const;
    rollouts.change(entry, { ...end, phase: 'ended', stopped: state.stopped }, this.#kept(entry, state));
  }

  /** Whether it could be done. */
  tell(entry: RolloutEntry, order: Told): boolean {
    const { rollouts } = this.#parts;
    const { controls, agree, now } = entry;
    if (controls === null) return false;
    switch (order.kind) {
      case 'pause':
        controls.pause();
        this.#tellRunning(entry, 'pause');
        break;
      case 'resume':
        if (!controls.paused) return false;
        controls.resume();
        this.#tellRunning(entry, 'resume');
        break;
      case 'finish':
        controls.finish();
        controls.resume();
        this.#tellRunning(entry, 'resume');
        break;
      case 'cancel':
        controls.finish();
        this.#tellRunning(entry, 'cancel');
        break;
      case 'answer':
        if (now.phase !== 'asking') return false;
        controls.answerFirstWave(order.answer);
        break;
      case 'agree':
        if (agree === null) return false;
        agree(order.yes);
        break;
    }
    // Nobody answers any more.
    if (controls.finishing) entry.agree?.(false);
    const isPaused = controls.paused && !controls.finishing;
    rollouts.change(entry, { standing: isPaused ? 'paused' : 'running', finishing: controls.finishing });
    return true;
  }

  stop(): void {
    this.#stopping.abort();
  }

  /** The lines of a rollout that an earlier start of the host left: what was under way has ended, or is still to come. */
  linesAfter({ plan, lines, now }: RolloutRecord): ReadonlyMap<string, RolloutLine> {
    const { list } = this.#parts;
    const isRolloutOver = now.standing === 'ended';
    const after = new Map<string, RolloutLine>();
    for (const { job } of plan.members) {
      const line = lines.get(job) ?? { kind: 'waiting' };
      const entry = list.get(job);
      const standing = entry?.record.job.standing;
      const outcome = standing?.kind === 'ended' ? standing.outcome : null;
      const isThisEnd = line.kind === 'ended' && line.outcome === outcome?.outcome;
      // The host ended between the two: its job has it.
      const isSince = !isRolloutOver && (entry?.record.job.endedAt ?? 0) >= (now.startedAt ?? Infinity);
      if (outcome !== null && (isThisEnd || isSince)) {
        after.set(job, { kind: 'ended', outcome: outcome.outcome, whole: outcome });
      } else after.set(job, line.kind === 'running' ? { kind: 'waiting' } : line);
    }
    return after;
  }

  async #ask(entry: RolloutEntry, jobs: readonly string[]): Promise<boolean> {
    const { rollouts } = this.#parts;
    const answer = new Promise<boolean>((resolve) => (entry.agree = resolve));
    rollouts.change(entry, { asks: jobs });
    const isAgreed = await answer;
    entry.agree = null;
    rollouts.change(entry, { asks: [] });
    return isAgreed;
  }

  #tell(entry: RolloutEntry, state: RolloutState): void {
    if (this.#stopping.signal.aborted || state.phase === 'ended') return;
    const lines = this.#kept(entry, state);
    for (const [job, line] of lines) {
      if (line.kind === 'ended' && line !== entry.lines.get(job) && isOver(line.outcome)) entry.secrets.delete(job);
    }
    const { phase, width, stopped } = state;
    this.#parts.rollouts.change(entry, { phase, width, stopped }, lines);
  }

  /** What is known of an end from before this run is more than the policy says of it. */
  #kept({ lines: before }: RolloutEntry, { lines }: RolloutState): ReadonlyMap<string, RolloutLine> {
    const kept = new Map(lines);
    for (const [job, line] of lines) {
      const known = before.get(job);
      if (line.kind === 'ended' && line.whole === null && known?.kind === 'ended') kept.set(job, known);
      // The very same object is no change.
      else if (known?.kind === line.kind && (line.kind === 'waiting' || line.kind === 'looking')) kept.set(job, known);
    }
    return kept;
  }

  /** Kept secrets of a device whose update is over go with the end of the rollout. */
  #letGo(entry: RolloutEntry): void {
    const { plan, lines } = entry;
    if (!plan.keepsSecrets) return;
    const members = plan.members.map((member) => {
      const line = lines.get(member.job);
      return line?.kind === 'ended' && isOver(line.outcome) ? { ...member, sealed: null } : member;
    });
    this.#parts.rollouts.setPlan(entry, { ...plan, members });
  }

  /** Of those that run one may be paused already, or not have begun: then it is left so. */
  #tellRunning({ lines }: RolloutEntry, kind: 'pause' | 'resume' | 'cancel'): void {
    const { list, jobs, surprise } = this.#parts;
    for (const [job, line] of lines) {
      const entry = line.kind === 'running' ? list.get(job) : null;
      if (entry !== null) jobs.order(entry, { kind }).catch(surprise);
    }
  }
}
