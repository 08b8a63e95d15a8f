/** One target of an agent: polls for its device, decides, and does what was decided. */
import { decide } from '../../../agent/decide.ts';
import type { AgentEvent, Moment, Sight, Step } from '../../../agent/decision.ts';
import type { TargetNote } from '../../../agent/note.ts';
import { backoffMs, firstWait, nextWait, USUAL_SLEEP_MS } from '../../../agent/polling.ts';
import { LARGEST_FILE_BYTES } from '../../../firmware/largest-file.ts';
import { ATTRIBUTES } from '../../../words/agent/notices.ts';
import { reasonOf } from '../../data/data-error.ts';
import { partsOf } from '../../cli/push/push.ts';
import { ActionFile } from './action-file.ts';
import type { AgentDevice } from '../agent-device.ts';
import { attributesOf } from './attributes.ts';
import type { DdiClient } from '../server/ddi-client.ts';
import { DeviceRun } from './device-run.ts';
import { DeviceWatch } from './device-watch.ts';
import { FeedbackSender } from '../server/feedback-sender.ts';
import type { SharedParts } from '../shared-parts.ts';
import type { TargetNow } from './target-view.ts';
import { Waiting } from './waiting.ts';

export interface TargetPlace {
  /** From 0, of `count`. */
  readonly position: number;
  readonly count: number;
}

export class Target {
  readonly #device: AgentDevice;
  readonly #client: DdiClient;
  readonly #shared: SharedParts;
  readonly #place: TargetPlace;
  readonly #sender: FeedbackSender;
  readonly #run: DeviceRun;
  readonly #watch: DeviceWatch;
  readonly #file: ActionFile;
  readonly #waiting: Waiting;
  #note: TargetNote;
  #queue: Promise<void> = Promise.resolve();
  #asksTurn = false;
  #owesAttributes = false;
  #toldAttributes: string | null = null;
  #confirmed: string | null = null;

  constructor(device: AgentDevice, client: DdiClient, shared: SharedParts, place: TargetPlace) {
    this.#device = device;
    this.#client = client;
    this.#shared = shared;
    this.#place = place;
    this.#note = shared.notes.of(device.controllerId);
    const { clock, signal, heard } = shared;
    const parts = partsOf(device.target, { ...device, patienceMs: device.patienceMs });
    this.#run = new DeviceRun(parts, shared, (event) => this.#dispatch(event));
    this.#watch = new DeviceWatch(device, parts.device, shared);
    this.#file = new ActionFile(client, shared, (event) => this.#dispatch(event));
    this.#waiting = new Waiting(clock, signal);
    this.#sender = new FeedbackSender({
      ...{ client, clock, signal, heard },
      next: () => this.#note.outbox[0] ?? null,
      answered: async (feedback, answer) => {
        const kind = answer === 'refused' ? 'not-taken' : 'said';
        shared.notice({ kind, device: device.name, feedback });
        await this.#dispatch({ kind: 'answered', seq: feedback.seq, answer });
      },
    });
  }

  get note(): TargetNote {
    return this.#note;
  }

  get device(): AgentDevice {
    return this.#device;
  }

  /** The last look at the device; null: it did not answer, or was not looked at. */
  get sight(): Sight | null {
    return this.#watch.sight;
  }

  /** As it is now. */
  get now(): TargetNow {
    return { name: this.#device.name, note: this.#note, isSeen: this.#watch.isSeen, state: this.#run.state };
  }

  /** A person wants something done now: the server is asked at once where it stands. */
  wake(): void {
    this.#waiting.wake();
  }

  /** A person says that the action may begin; false where it waits for nobody. */
  async approve(action: string): Promise<boolean> {
    await this.#dispatch({ kind: 'approved', action });
    const { action: now } = this.#note;
    if (now?.id !== action || !now.isApproved) return false;
    this.wake();
    return true;
  }

  /** Polls until the agent stops, and resolves when an update that ran has come to a rest. */
  async run(): Promise<void> {
    const { signal, surprise } = this.#shared;
    const { position, count } = this.#place;
    await this.#dispatch({ kind: 'started' });
    this.#sender.wake();
    let [wait, sleepMs] = [firstWait(position), USUAL_SLEEP_MS];
    for (let polls = 0, failures = 0; ;) {
      await this.#waiting.wait(wait);
      if (signal.aborted) break;
      try {
        if (!(await this.#isThere())) {
          wait = sleepMs;
          continue;
        }
        const answer = await this.#poll();
        if (answer.kind === 'failed') {
          failures += 1;
          wait = Math.max(backoffMs(failures), answer.retryAfterMs ?? 0);
          continue;
        }
        failures = 0;
        polls += 1;
        ({ sleepMs } = answer);
        wait = nextWait(sleepMs, polls, position, count);
      } catch (error) {
        surprise(error);
        wait = sleepMs;
      }
    }
    await this.#run.comeToRest();
    await this.#queue;
    await this.#sender.idle();
  }

  /** A device that was not seen is not polled for, so that "overdue" means something on the server. */
  async #isThere(): Promise<boolean> {
    if (this.#run.isRunning) return true;
    const isSeen = await this.#watch.look();
    if (!this.#shared.signal.aborted) await this.#dispatch({ kind: 'looked' });
    return isSeen;
  }

  async #poll(): ReturnType<DdiClient['poll']> {
    const { signal, heard } = this.#shared;
    const { action } = this.#note;
    const isWaiting = action?.phase === 'offered' || action?.phase === 'ready';
    const answer = await this.#client.poll(isWaiting, signal);
    if (signal.aborted) return answer;
    heard(answer.kind === 'failed' ? answer : null);
    if (answer.kind === 'failed') return answer;
    await this.#dispatch({ kind: 'polled', polled: answer.polled });
    await this.#tellAttributes();
    return answer;
  }

  /** Where the server asks what the device is, or it is no longer what was told: it was updated by somebody else, say. */
  async #tellAttributes(): Promise<void> {
    const { signal, agentVersion } = this.#shared;
    const all = attributesOf(this.#device, this.#note, this.#watch.sight, agentVersion);
    const what = JSON.stringify({ ...all, [ATTRIBUTES.lastSeen]: null });
    // In the middle of an update the last look is of before.
    const isOther = what !== this.#toldAttributes && !this.#run.isRunning;
    if (!this.#owesAttributes && !isOther) return;
    const failed = await this.#client.attributes(all, signal);
    this.#owesAttributes = failed !== null;
    if (failed === null) this.#toldAttributes = what;
  }

  /** One event after another: what is decided is written down before it is done. */
  #dispatch(event: AgentEvent): Promise<void> {
    const turn = this.#queue.then(() => this.#take(event));
    this.#queue = turn.catch((error: unknown) => this.#shared.surprise(error));
    return this.#queue;
  }

  async #take(event: AgentEvent): Promise<void> {
    const { notes, notice, folder } = this.#shared;
    const { note, steps } = decide(this.#note, event, await this.#moment());
    const before = this.#note;
    this.#note = note;
    if (isWorthWriting(before, note)) {
      try {
        await notes.write(note);
      } catch (error) {
        // The device is not left alone because of a disk; what is lost with it is said.
        notice({ kind: 'not-written', folder, reason: reasonOf(error) });
      }
    }
    for (const step of steps) this.#perform(step);
    this.#sender.wake();
  }

  async #moment(): Promise<Moment> {
    const { clock, minute, policy, isPaused } = this.#shared;
    return {
      ...{ date: clock.date(), minute: minute(), isPaused: isPaused(), policy },
      ...{ device: this.#device, sight: this.#watch.sight },
      state: this.#run.state,
      inspection: await this.#file.inspection(this.#note.action?.image?.sha256 ?? null),
      mostBytes: LARGEST_FILE_BYTES,
    };
  }

  #perform(step: Step): void {
    const { turns, notice } = this.#shared;
    switch (step.kind) {
      case 'fetch':
        if (this.#note.action !== null) void this.#file.fetch(this.#note.action.id, step);
        return;
      case 'ask-turn':
        if (this.#asksTurn || this.#run.isRunning) return;
        this.#asksTurn = true;
        if (!turns.ask(() => void this.#atTurn())) void this.#dispatch({ kind: 'queued' });
        return;
      case 'give-turn-back':
        turns.giveBack();
        return;
      case 'run':
        this.#run.start(step.image, step.beginAgain);
        return;
      case 'stop':
        this.#run.cancel();
        return;
      case 'tell-attributes':
        this.#owesAttributes = true;
        return;
      case 'needs-confirmation':
        if (this.#confirmed === step.action) return;
        this.#confirmed = step.action;
        notice({ kind: 'needs-confirmation', device: this.#device.name, action: step.action });
        return;
    }
  }

  async #atTurn(): Promise<void> {
    this.#asksTurn = false;
    // An agent that stops begins nothing; the turn is nobody's any more.
    if (!this.#shared.signal.aborted) await this.#dispatch({ kind: 'turn' });
  }
}

/**
 * Whether it has to be on the disk. That a device was seen again has not: each poll of a thousand targets brings that.
 */
function isWorthWriting(before: TargetNote, note: TargetNote): boolean {
  return (['action', 'ended', 'outbox', 'runs', 'chipId'] as const).some((part) => before[part] !== note[part]);
}
