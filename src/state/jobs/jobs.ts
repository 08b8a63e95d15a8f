import type { Clock, Random } from '../../model/clock.ts';
import type { Device } from '../../model/device/device.ts';
import type { JobEvent } from '../../model/jobs/job-events.ts';
import type { JobOrder } from '../../model/jobs/job-requests.ts';
import type { Job } from '../../model/jobs/job.ts';
import type { Connectivity } from '../../model/page/connectivity.ts';
import type { JobCalls, JobRef, KeptJob } from '../../model/page/job-calls.ts';
import type { Outcome } from '../../model/update/update-state.ts';
import { followedText, lostText, notDoneText, runsHereText, tokenMissingText } from '../../words/update/host-jobs.ts';
import type { NoticesState } from '../notices.ts';
import type { QuestionsState } from '../questions.ts';
import type { HostRuns, HostStart, HostStartPlan } from '../update/host-runs.ts';
import { sentFirmware } from '../update/sent-firmware.ts';
import type { StartOptions } from '../update/start-options.ts';
import type { UpdatesState } from '../update/updates.ts';
import { AgentState } from './agent-state.ts';
import { deviceToFollow } from './device-to-follow.ts';
import { refIn } from './in-link.ts';
import { JobFeed } from './job-feed.ts';
import { makeJob, type MakeJobParts } from './make-job.ts';
import { OwnJobs } from './own-jobs.ts';
import { sayOfDevice } from './say-of-device.ts';

export interface JobsParts extends MakeJobParts {
  readonly updates: Pick<UpdatesState, '$update' | 'follow' | 'isRunning' | 'offerFromHost' | 'showHostAway'>;
  readonly notices: NoticesState;
  readonly questions: Pick<QuestionsState, 'ask'>;
  readonly connectivity: Connectivity;
  readonly clock: Clock;
  readonly random: Random;
  /** Makes an id nothing else has. */
  readonly newId: () => string;
}

/** A rollout that is followed, and what hears of it. */
export interface FollowedRollout {
  readonly ref: JobRef;
  /** `isDrawn`: an event of a job that is drawn already. */
  hear(event: JobEvent, isDrawn: boolean): void;
  showHostAway(isAway: boolean): void;
}

/**
 * What the page knows of the updates that the host runs. Each of them drives the view of its device, as a run in the page
 * does.
 */
export class JobsState implements Pick<HostRuns, 'start' | 'again' | 'forget'> {
  /** The rollout server's agent in the host, where it has one. */
  readonly agent: AgentState;
  readonly #parts: JobsParts;
  readonly #feed: JobFeed;
  readonly #own: OwnJobs;
  /** The one that is followed. */
  #rollout: FollowedRollout | null = null;

  constructor(parts: JobsParts) {
    this.#parts = parts;
    const { calls, clock, random, connectivity, updates } = parts;
    this.agent = new AgentState(calls, clock);
    this.#feed = new JobFeed({
      ...{ calls, clock, random, connectivity },
      heard: (event) => this.#hearEvent(event),
      away: (isAway) => {
        updates.showHostAway(isAway);
        this.#rollout?.showHostAway(isAway);
      },
    });
    this.#own = new OwnJobs(this.#feed, parts);
  }

  /** Follows the job that this browser keeps for a device, in place of an earlier one. */
  follow(deviceId: string, kept: KeptJob): void {
    this.#own.take(deviceId, kept);
  }

  get calls(): JobCalls {
    return this.#parts.calls;
  }

  /** Follows a rollout with all of its jobs, in place of another one; null: none any more. */
  followRollout(rollout: FollowedRollout | null): void {
    if (this.#rollout !== null) this.#feed.leave(this.#rollout.ref.id);
    this.#rollout = rollout;
    if (rollout !== null) this.#feed.followRollout(rollout.ref);
  }

  /** Draws a job of that rollout on its device's card, as one that was begun by itself. */
  draw(deviceId: string, kept: KeptJob, job: Job): void {
    this.#own.draw(deviceId, kept, job);
  }

  /** The key of what is drawn of a device; null where nothing of the host is. */
  ref(deviceId: string): JobRef | null {
    return this.#own.find(deviceId)?.kept ?? null;
  }

  /** A link brought `text`, which is "id.key". The device is saved where it is not known here, once the person agrees. */
  async arrive(text: string): Promise<void> {
    const ref = refIn(text);
    if (ref === null) {
      this.#say(notDoneText(null, { kind: 'no-such-job' }));
      return;
    }
    const answer = await this.#parts.calls.read(ref);
    if (answer.kind === 'refused') {
      this.#say(notDoneText(null, answer.why));
      return;
    }
    const isFollowed = (deviceId: string): boolean => this.#own.find(deviceId)?.kept.id === ref.id;
    const device = await deviceToFollow(answer.value.device, isFollowed, this.#parts);
    if (device === null) return;
    const before = this.#own.find(device.id);
    if (before?.kept.id !== ref.id) {
      const kept = { ...ref, toldAt: null };
      await this.#parts.keys.write(device.id, kept);
      this.#own.take(device.id, kept);
    }
    this.#say(followedText(device.name), device.id, 'ends');
    this.#own.hear(answer.value);
  }

  async start(asked: HostStartPlan): Promise<HostStart> {
    const { device, firmware, controls } = asked;
    const { id, name } = device;
    const before = await this.#parts.keys.read(id);
    try {
      const made = await makeJob(asked, this.#parts);
      const sent = sentFirmware(firmware);
      if (made.kind === 'made') return this.#own.runOf(this.#own.take(id, made.kept), made.job, controls, sent);
      if (made.kind === 'lost') {
        // The host may have taken it all the same; then the stream tells.
        this.#own.take(id, made.kept);
        this.#say(lostText(name), id);
        return 'left';
      }
      await this.#keepAgain(id, before);
      const { why } = made;
      if (why.kind !== 'device-busy') {
        this.#say(runsHereText(name, why), id, 'ends');
        return 'here';
      }
      // Another tab of this browser may have started it: then this is its key.
      const other = before === null ? null : await this.#parts.calls.read(before);
      const isOurs = other?.kind === 'done' && other.value.standing.kind !== 'ended';
      if (before !== null && isOurs) return this.#own.runOf(this.#own.take(id, before), other.value, controls);
      this.#say(notDoneText(name, why), id);
      return 'left';
    } catch (error) {
      if (!controls.cancelled.aborted) throw error;
      await this.#keepAgain(id, before);
      return 'left';
    }
  }

  /** As `HostRuns.fallsBack`. */
  fallsBack({ id, name }: Device, end: Outcome): boolean {
    const isUnreached = end.outcome === 'failed' && end.code === 'unreachable' && end.progress.acknowledged === 0;
    if (!isUnreached || (end.during !== 'detecting' && end.during !== 'checking')) return false;
    const { devices, clock } = this.#parts;
    this.#say(runsHereText(name, null), id, 'ends');
    // For a day the page does it by itself, as it does where the gateway has not reached a device.
    void devices.learn(id, { gatewayFailedAt: clock.date() });
    void this.forget(id);
    return true;
  }

  async again(
    deviceId: string,
    {
      takeOver = null,
      overruled = [],
      beginAgain = false,
      restartFirst = false,
    }: Pick<StartOptions, 'takeOver' | 'overruled' | 'beginAgain' | 'restartFirst'>,
  ): Promise<boolean> {
    const { devices } = this.#parts;
    const own = this.#own.find(deviceId);
    const device = devices.find(deviceId);
    if (own === undefined || device === undefined) return false;
    const has = await devices.secrets(device);
    // Without any here, the host goes on with what it has.
    const secrets = has.token === null && has.login === null ? null : has;
    if (secrets === null && own.job?.standing.kind === 'waiting-for-token') {
      this.#say(tokenMissingText(device.name), deviceId);
      return true;
    }
    const reason = overruled.at(-1);
    const order: JobOrder =
      takeOver !== null
        ? { kind: 'take-over', secrets, session: takeOver }
        : reason !== undefined
          ? { kind: 'overrule', secrets, reason }
          : { kind: 'go-on', secrets, beginAgain, ...(restartFirst && { restartFirst }) };
    const answer = await this.#own.order(own, order);
    if (answer.kind === 'done') return true;
    if (answer.why.kind === 'no-such-firmware' || answer.why.kind === 'no-such-job') return false;
    this.#say(notDoneText(device.name, answer.why), deviceId);
    return true;
  }

  async forget(deviceId: string): Promise<void> {
    const own = this.#own.find(deviceId);
    if (own === undefined) return;
    await this.#own.letGo(own);
    // A host that is away, or does not know it, has nothing to be told: what has ended goes by itself after a while.
    await this.#parts.calls.order(own.kept, { kind: 'forget' });
  }

  /** As `HostRuns.offerAgain`. */
  offerAgain(deviceId: string): void {
    const own = this.#own.find(deviceId);
    if (own?.run === null && own.job !== null) this.#own.show(own, own.job);
  }

  #hearEvent(event: JobEvent): void {
    const isDrawn = event.kind === 'job' && this.#own.hear(event.job);
    if (event.kind === 'gone') this.#own.hearGone(event.id);
    this.#rollout?.hear(event, isDrawn);
  }

  #keepAgain(deviceId: string, before: KeptJob | null): Promise<void> {
    const { keys } = this.#parts;
    return before === null ? keys.remove(deviceId) : keys.write(deviceId, before);
  }

  /** A notice of a device is dismissed as `sayOfDevice` says. */
  #say(text: string, deviceId?: string, until: 'begins' | 'ends' = 'begins'): void {
    if (deviceId !== undefined) sayOfDevice(text, { deviceId, until }, this.#parts);
    else this.#parts.notices.show({ kind: 'host-job', text });
  }
}
