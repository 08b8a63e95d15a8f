/** One target of an agent: polls for its device, decides, and does what was decided. */
import { decide } from '../../agent/decide.ts';
import type { AgentEvent, Fetched, Moment, Sight, Step } from '../../agent/decision.ts';
import type { TargetNote } from '../../agent/note.ts';
import { backoffMs, firstWait, nextWait, USUAL_SLEEP_MS } from '../../agent/polling.ts';
import { LARGEST_FILE_BYTES } from '../../firmware/largest-file.ts';
import { statedName } from '../../firmware/image/stated-name.ts';
import type { AgentNotice } from '../../model/agent/agent-notice.ts';
import type { AgentPolicy } from '../../model/agent/agent-settings.ts';
import type { Clock } from '../../model/clock.ts';
import type { Inspection } from '../../model/firmware/inspection.ts';
import type { ActiveState } from '../../model/update/update-state.ts';
import { UpdateControls } from '../../update/controls.ts';
import { AGENT_HERE } from '../../words/agent/notices.ts';
import { reasonOf } from '../data/data-error.ts';
import { partsOf } from '../cli/push/push.ts';
import type { LoadedFirmware } from '../jobs/loaded-firmware.ts';
import type { OwnJobs } from '../jobs/own-jobs.ts';
import type { DeviceFetch } from '../reach/device-fetch.ts';
import type { AgentDevice } from './agent-device.ts';
import type { ArtifactCache } from './artifact-cache.ts';
import { attributesOf } from './attributes.ts';
import type { DdiClient, Failed } from './ddi-client.ts';
import { FeedbackSender } from './feedback-sender.ts';
import { lookAt } from './look-at.ts';
import type { TargetNotes } from './target-notes.ts';
import type { Turns } from './turns.ts';

/** What all targets of an agent share. */
export interface SharedParts {
  readonly notes: TargetNotes;
  readonly cache: ArtifactCache;
  readonly loaded: LoadedFirmware;
  readonly jobs: OwnJobs;
  readonly turns: Turns;
  readonly way: Pick<DeviceFetch, 'fetch' | 'upload'>;
  readonly clock: Clock;
  readonly policy: AgentPolicy;
  /** Minutes since midnight, where the agent is. */
  readonly minute: () => number;
  readonly agentVersion: string;
  readonly folder: string;
  readonly notice: (notice: AgentNotice) => void;
  /** Told what the server said; null: something good. */
  readonly heard: (failed: Failed | null) => void;
  /** Told of what should not be. */
  readonly surprise: (error: unknown) => void;
  /** Aborts when the agent stops. */
  readonly signal: AbortSignal;
}

export interface TargetPlace {
  /** From 0, of `count`. */
  readonly position: number;
  readonly count: number;
}

/** An update that runs here. */
interface Run {
  readonly controls: UpdateControls;
  readonly over: Promise<void>;
  state: ActiveState | null;
}

export class Target {
  readonly #device: AgentDevice;
  readonly #client: DdiClient;
  readonly #shared: SharedParts;
  readonly #place: TargetPlace;
  readonly #sender: FeedbackSender;
  #note: TargetNote;
  #sight: Sight | null = null;
  /** Null: it was not looked at yet. */
  #isSeen: boolean | null = null;
  #inspection: { readonly sha256: string; readonly is: Inspection } | null = null;
  #run: Run | null = null;
  #turn: Promise<void> = Promise.resolve();
  #asksTurn = false;
  #fetching: string | null = null;
  #owesAttributes = false;
  #confirmed: string | null = null;

  constructor(device: AgentDevice, client: DdiClient, shared: SharedParts, place: TargetPlace) {
    this.#device = device;
    this.#client = client;
    this.#shared = shared;
    this.#place = place;
    this.#note = shared.notes.of(device.controllerId);
    const { clock, signal, heard } = shared;
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

  /** Polls until the agent stops, and resolves when an update that ran has come to a rest. */
  async run(): Promise<void> {
    const { clock, signal, surprise } = this.#shared;
    const { position, count } = this.#place;
    await this.#dispatch({ kind: 'started' });
    this.#sender.wake();
    let [wait, sleepMs] = [firstWait(position), USUAL_SLEEP_MS];
    for (let polls = 0, failures = 0; ;) {
      await clock.sleep(wait, signal).catch(() => undefined); // It stops.
      if (signal.aborted) break;
      try {
        const isThere = this.#run !== null || (await this.#look());
        if (!isThere) {
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
    this.#run?.controls.pause();
    await this.#run?.over;
    await this.#turn;
    await this.#sender.idle();
  }

  async #look(): Promise<boolean> {
    const { way, clock, signal, jobs, notice } = this.#shared;
    const { target, name } = this.#device;
    const { device } = this.#parts();
    const told = await lookAt(target, way, clock, signal);
    if (signal.aborted) return false;
    this.#sight =
      told === null
        ? null
        : { ...told, isLeftOpen: (await jobs.left(device)) !== null, isHeld: jobs.at(device) !== null };
    const isSeen = this.#sight !== null;
    if (isSeen ? this.#isSeen === false : this.#isSeen !== false)
      notice({ kind: isSeen ? 'seen-again' : 'not-seen', device: name });
    this.#isSeen = isSeen;
    await this.#dispatch({ kind: 'looked' });
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
    if (this.#owesAttributes) await this.#tellAttributes();
    return answer;
  }

  async #tellAttributes(): Promise<void> {
    const { signal, agentVersion } = this.#shared;
    const failed = await this.#client.attributes(
      attributesOf(this.#device, this.#note, this.#sight, agentVersion),
      signal,
    );
    this.#owesAttributes = failed !== null;
  }

  /** One event after another: what is decided is written down before it is done. */
  #dispatch(event: AgentEvent): Promise<void> {
    const turn = this.#turn.then(() => this.#take(event));
    this.#turn = turn.catch((error: unknown) => this.#shared.surprise(error));
    return this.#turn;
  }

  async #take(event: AgentEvent): Promise<void> {
    const { notes, notice, folder } = this.#shared;
    const { note, steps } = decide(this.#note, event, await this.#moment());
    if (note !== this.#note) {
      this.#note = note;
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
    const { clock, minute, policy } = this.#shared;
    return {
      ...{ date: clock.date(), minute: minute(), policy, device: this.#device, sight: this.#sight },
      state: this.#run?.state ?? null,
      inspection: await this.#inspectionNow(),
      mostBytes: LARGEST_FILE_BYTES,
    };
  }

  /** Of the action's file, where it is here. */
  async #inspectionNow(): Promise<Inspection | null> {
    const sha256 = this.#note.action?.image?.sha256 ?? this.#fetching;
    if (sha256 == null) return null;
    if (this.#inspection?.sha256 === sha256) return this.#inspection.is;
    const lease = await this.#shared.loaded.lease(sha256);
    if (lease === null) return null;
    this.#inspection = { sha256, is: lease.inspection };
    lease.release();
    return lease.inspection;
  }

  #perform(step: Step): void {
    const { turns, notice } = this.#shared;
    switch (step.kind) {
      case 'fetch':
        if (this.#fetching === null) void this.#fetch(step);
        return;
      case 'ask-turn':
        if (this.#asksTurn || this.#run !== null) return;
        this.#asksTurn = true;
        if (!turns.ask(() => void this.#atTurn())) void this.#dispatch({ kind: 'queued' });
        return;
      case 'give-turn-back':
        turns.giveBack();
        return;
      case 'run':
        void this.#start(step);
        return;
      case 'stop':
        this.#run?.controls.cancel();
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

  async #fetch({ artifact }: Extract<Step, { kind: 'fetch' }>): Promise<void> {
    const { cache, signal, surprise } = this.#shared;
    const action = this.#note.action?.id;
    if (action === undefined) return;
    const { sha256, size, filename, href } = artifact;
    this.#fetching = sha256;
    try {
      const end = await cache.fetch(artifact, (from, limit) => this.#client.artifact(href, from, limit), signal);
      if (signal.aborted) return;
      let fetched: Fetched = { action, kind: end === 'here' ? 'later' : end };
      const is = end === 'here' ? await this.#inspectionNow() : null;
      if (is !== null) fetched = { action, kind: 'here', image: { sha256, size, filename, ...statedName(is) } };
      await this.#dispatch({ kind: 'fetched', fetched });
    } catch (error) {
      surprise(error);
    } finally {
      this.#fetching = null;
    }
  }

  async #start({ image, beginAgain }: Extract<Step, { kind: 'run' }>): Promise<void> {
    const controls = new UpdateControls();
    let done: () => void = () => undefined;
    const over = new Promise<void>((resolve) => (done = resolve));
    const run: Run = { controls, over, state: null };
    this.#run = run;
    const { turns, surprise } = this.#shared;
    try {
      const event = await this.#update(run, image, beginAgain);
      this.#run = null;
      if (event !== null) await this.#dispatch(event);
    } catch (error) {
      surprise(error);
    } finally {
      this.#run = null;
      turns.giveBack();
      done();
    }
  }

  /** What came of it; null: the agent stops, and it is left where it is. */
  async #update(
    run: Run,
    { sha256, size, filename, version, project }: Extract<Step, { kind: 'run' }>['image'],
    beginAgain: boolean,
  ): Promise<AgentEvent | null> {
    const { loaded, jobs, way, signal } = this.#shared;
    const lease = await loaded.lease(sha256);
    if (lease === null) return { kind: 'missing' };
    try {
      const ended = await jobs.runWhile(
        {
          ...this.#parts(),
          firmware: { sha256, size, name: filename, version, project },
          loaded: lease,
          plan: { restart: true, overruled: [], takeOver: null, beginAgain },
          controls: run.controls,
          ...{ fetch: way.fetch, upload: way.upload, by: AGENT_HERE },
          seen: (state) => {
            if (state.phase === 'ended') return;
            run.state = state;
            void this.#dispatch({ kind: 'progressed', state });
          },
        },
        () => signal.aborted,
      );
      if (ended === null) return null;
      return 'phase' in ended ? { kind: 'ended', outcome: ended } : { kind: 'held', by: ended.by };
    } finally {
      lease.release();
    }
  }

  #parts(): ReturnType<typeof partsOf> {
    const { target, patienceMs } = this.#device;
    return partsOf(target, { ...this.#device, patienceMs });
  }
}
