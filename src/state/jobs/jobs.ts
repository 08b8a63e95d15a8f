import type { Clock, Random } from '../../model/clock.ts';
import type { Device } from '../../model/device/device.ts';
import type { JobEvent } from '../../model/jobs/job-events.ts';
import type { JobOrder } from '../../model/jobs/job-requests.ts';
import type { Job } from '../../model/jobs/job.ts';
import type { Connectivity } from '../../model/page/connectivity.ts';
import type { JobAnswer, JobCalls, JobRef, KeptJob } from '../../model/page/job-calls.ts';
import type { Outcome } from '../../model/update/update-state.ts';
import { UpdateControls } from '../../update/controls.ts';
import {
  followedText,
  goneText,
  lostText,
  notDoneText,
  runsHereText,
  tokenMissingText,
} from '../../words/update/host-jobs.ts';
import type { NoticesState } from '../notices.ts';
import type { QuestionsState } from '../questions.ts';
import type { HostRuns, HostStart, HostStartPlan } from '../update/host-runs.ts';
import { type SentFirmware, sentFirmware } from '../update/sent-firmware.ts';
import type { StartOptions } from '../update/updates-parts.ts';
import type { UpdatesState } from '../update/updates.ts';
import { deviceToFollow } from './device-to-follow.ts';
import { refIn } from './in-link.ts';
import { JobFeed } from './job-feed.ts';
import { makeJob, type MakeJobParts } from './make-job.ts';
import { isOver, offerOf } from './job-offer.ts';
import { JobRun } from './job-run.ts';

export interface JobsParts extends MakeJobParts {
  readonly updates: Pick<UpdatesState, 'follow' | 'running' | 'offerFromHost' | 'hostAway'>;
  readonly notices: NoticesState;
  readonly questions: Pick<QuestionsState, 'ask'>;
  readonly connectivity: Connectivity;
  readonly clock: Clock;
  readonly random: Random;
  /** Makes an id nothing else has. */
  readonly newId: () => string;
}

/** A job that this browser has the key of, and what is known of it. */
interface Own {
  readonly deviceId: string;
  kept: KeptJob;
  job: Job | null;
  /** While this page draws it as running. */
  run: JobRun | null;
}

/** A rollout that is followed, and who is told. */
export interface FollowedRollout {
  readonly ref: JobRef;
  /** `isDrawn`: an event of a job that is drawn already. */
  heard(event: JobEvent, isDrawn: boolean): void;
  away(isAway: boolean): void;
}

/**
 * What the page knows of the updates that the host runs. Each of them drives the view of its device, as a run in the page
 * does.
 */
export class JobsState implements Pick<HostRuns, 'start' | 'again' | 'forget'> {
  readonly #parts: JobsParts;
  readonly #feed: JobFeed;
  /** By device: one job each. */
  readonly #own = new Map<string, Own>();
  /** The one that is followed. */
  #rollout: FollowedRollout | null = null;

  constructor(parts: JobsParts) {
    this.#parts = parts;
    const { calls, clock, random, connectivity, updates } = parts;
    this.#feed = new JobFeed({
      ...{ calls, clock, random, connectivity },
      heard: (event) => this.#hearEvent(event),
      away: (isAway) => {
        updates.hostAway(isAway);
        this.#rollout?.away(isAway);
      },
    });
  }

  /** Follows the job that this browser keeps for a device, in place of an earlier one. */
  follow(deviceId: string, kept: KeptJob): void {
    this.#take(deviceId, kept);
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
    const before = this.#own.get(deviceId);
    if (before?.run !== null && before !== undefined) return;
    if (before !== undefined && before.kept.id !== kept.id) this.#feed.leave(before.kept.id);
    if (before?.kept.id !== kept.id) this.#own.set(deviceId, { deviceId, kept, job: null, run: null });
    this.#hear(job);
  }

  /** The key of what is drawn of a device; null where nothing of the host is. */
  ref(deviceId: string): JobRef | null {
    return this.#own.get(deviceId)?.kept ?? null;
  }

  /** A link brought `text`, which is "id.key". The device is saved where it is not known here, once the person agrees. */
  async arrive(text: string): Promise<void> {
    const ref = refIn(text);
    if (ref === null) {
      this.#say(notDoneText(null, { kind: 'no-such-job' }));
      return;
    }
    const answer = await this.#parts.calls.read(ref);
    if (!answer.ok) {
      this.#say(notDoneText(null, answer.why));
      return;
    }
    const isFollowed = (deviceId: string): boolean => this.#own.get(deviceId)?.kept.id === ref.id;
    const device = await deviceToFollow(answer.value.device, isFollowed, this.#parts);
    if (device === null) return;
    const before = this.#own.get(device.id);
    if (before?.kept.id !== ref.id) {
      const kept = { ...ref, toldAt: null };
      await this.#parts.keys.write(device.id, kept);
      this.#take(device.id, kept);
    }
    this.#say(followedText(device.name));
    this.#hear(answer.value);
  }

  async start(asked: HostStartPlan): Promise<HostStart> {
    const { device, firmware, controls } = asked;
    const { id, name } = device;
    const before = await this.#parts.keys.read(id);
    try {
      const made = await makeJob(asked, this.#parts);
      const sent = sentFirmware(firmware);
      if (made.kind === 'made') return this.#runOf(this.#take(id, made.kept), made.job, controls, sent);
      if (made.kind === 'lost') {
        // The host may have taken it all the same; then the stream tells.
        this.#take(id, made.kept);
        this.#say(lostText(name));
        return 'left';
      }
      await this.#keepAgain(id, before);
      const { why } = made;
      if (why.kind !== 'device-busy') {
        this.#say(runsHereText(name, why));
        return 'here';
      }
      // Another tab of this browser may have started it: then this is its key.
      const other = before === null ? null : await this.#parts.calls.read(before);
      const isOurs = other?.ok === true && other.value.standing.kind !== 'ended';
      if (before !== null && isOurs) return this.#runOf(this.#take(id, before), other.value, controls);
      this.#say(notDoneText(name, why));
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
    this.#say(runsHereText(name, null));
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
    }: Pick<StartOptions, 'takeOver' | 'overruled' | 'beginAgain'>,
  ): Promise<boolean> {
    const { devices } = this.#parts;
    const own = this.#own.get(deviceId);
    const device = devices.find(deviceId);
    if (own === undefined || device === undefined) return false;
    const has = await devices.secrets(device);
    // Without any here, the host goes on with what it has.
    const secrets = has.token === null && has.login === null ? null : has;
    if (secrets === null && own.job?.standing.kind === 'waiting-for-token') {
      this.#say(tokenMissingText(device.name));
      return true;
    }
    const reason = overruled.at(-1);
    const order: JobOrder =
      takeOver !== null
        ? { kind: 'take-over', secrets, session: takeOver }
        : reason !== undefined
          ? { kind: 'overrule', secrets, reason }
          : { kind: 'go-on', secrets, beginAgain };
    const answer = await this.#order(own, order);
    if (answer.ok) return true;
    if (answer.why.kind === 'no-such-firmware' || answer.why.kind === 'no-such-job') return false;
    this.#say(notDoneText(device.name, answer.why));
    return true;
  }

  async forget(deviceId: string): Promise<void> {
    const own = this.#own.get(deviceId);
    if (own === undefined) return;
    await this.#letGo(own);
    // A host that is away, or does not know it, has nothing to be told: what has ended goes by itself after a while.
    await this.#parts.calls.order(own.kept, { kind: 'forget' });
  }

  /** As `HostRuns.offerAgain`. */
  offerAgain(deviceId: string): void {
    const own = this.#own.get(deviceId);
    if (own?.run === null && own.job !== null) this.#show(own, own.job);
  }

  #take(deviceId: string, kept: KeptJob): Own {
    const before = this.#own.get(deviceId);
    if (before?.kept.id === kept.id) return before;
    if (before !== undefined) this.#feed.leave(before.kept.id);
    const own: Own = { deviceId, kept, job: null, run: null };
    this.#own.set(deviceId, own);
    this.#feed.follow(kept);
    return own;
  }

  #runOf(own: Own, job: Job, controls: UpdateControls, firmware?: SentFirmware): JobRun {
    own.job = job;
    own.run = new JobRun({
      ...{ job, controls },
      ...(firmware === undefined ? {} : { firmware }),
      order: async (order) => (await this.#order(own, order)).ok,
      over: (end) => void this.#over(own, end),
    });
    return own.run;
  }

  async #order(own: Own, order: JobOrder): Promise<JobAnswer<Job | null>> {
    const answer = await this.#parts.calls.order(own.kept, order);
    if (answer.ok && answer.value !== null) this.#hear(answer.value);
    else if (!answer.ok && answer.why.kind === 'no-such-job') await this.#hearGone(own);
    return answer;
  }

  #hearEvent(event: JobEvent): void {
    const isDrawn = event.kind === 'job' && this.#hear(event.job);
    if (event.kind === 'gone') {
      for (const own of this.#own.values()) if (own.kept.id === event.id) void this.#hearGone(own);
    }
    this.#rollout?.heard(event, isDrawn);
  }

  /** Whether there is such a job here. */
  #hear(job: Job): boolean {
    let isHere = false;
    for (const own of this.#own.values()) {
      if (own.kept.id !== job.id) continue;
      isHere = true;
      own.job = job;
      if (own.run === null) this.#show(own, job);
      else own.run.hear(job);
    }
    return isHere;
  }

  async #hearGone(own: Own): Promise<void> {
    own.job = null;
    if (own.run !== null) {
      this.#say(goneText(this.#parts.devices.find(own.deviceId)?.name ?? ''));
      own.run.hear(null);
    } else this.#parts.updates.offerFromHost(own.deviceId, null);
    await this.#letGo(own);
  }

  /** Draws a job that this page does not draw as running yet. An end is told once, whenever it was. */
  #show(own: Own, job: Job): void {
    const { updates } = this.#parts;
    const { deviceId, kept } = own;
    if (updates.running(deviceId)) return;
    const { kind } = job.standing;
    const isUnderWay = kind === 'queued' || kind === 'running' || kind === 'paused';
    if (isUnderWay || (kind === 'ended' && job.endedAt !== kept.toldAt)) {
      void updates.follow(deviceId, this.#runOf(own, job, new UpdateControls()));
      return;
    }
    const offer = offerOf(deviceId, job);
    if (offer === null) void this.#letGo(own);
    else updates.offerFromHost(deviceId, offer);
  }

  async #over(own: Own, end: Outcome | null): Promise<void> {
    own.run = null;
    const { job } = own;
    if (job === null) return;
    if (end === null) {
      this.#show(own, job);
      return;
    }
    own.kept = { ...own.kept, toldAt: job.endedAt };
    if (isOver(end)) await this.#letGo(own);
    // Unless it was let go of meanwhile.
    else if (this.#own.get(own.deviceId) === own) await this.#parts.keys.write(own.deviceId, own.kept);
  }

  async #letGo(own: Own): Promise<void> {
    const { keys } = this.#parts;
    const { deviceId, kept } = own;
    this.#feed.leave(kept.id);
    if (this.#own.get(deviceId) === own) this.#own.delete(deviceId);
    // Another tab may keep the next one by now.
    if ((await keys.read(deviceId))?.id === kept.id) await keys.remove(deviceId);
  }

  #keepAgain(deviceId: string, before: KeptJob | null): Promise<void> {
    const { keys } = this.#parts;
    return before === null ? keys.remove(deviceId) : keys.write(deviceId, before);
  }

  #say(text: string): void {
    this.#parts.notices.show({ kind: 'host-job', text });
  }
}
