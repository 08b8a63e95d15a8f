import type { WritableAtom } from 'nanostores';
import type { Clock } from '../../model/clock.ts';
import type { HostRollout } from '../../model/jobs/host-rollout.ts';
import type { RolloutOrder } from '../../model/jobs/rollout-requests.ts';
import type { JobKeys, JobRef, KeptJob } from '../../model/page/job-calls.ts';
import type { RolloutOptions } from '../../model/rollout/rollout-record.ts';
import type { NotStarted, RolloutView } from '../../model/rollout/rollout-view.ts';
import {
  rolloutFollowedText,
  rolloutGoneText,
  rolloutHereText,
  rolloutLostText,
  rolloutNotDoneText,
} from '../../words/update/host-jobs.ts';
import type { DevicesState } from '../device/devices.ts';
import type { FirmwareState } from '../firmware/firmware.ts';
import type { Firmware } from '../firmware/chosen.ts';
import { newDeviceAt, refIn } from '../jobs/in-link.ts';
import type { JobsState } from '../jobs/jobs.ts';
import type { LazyJobs } from '../jobs/lazy-jobs.ts';
import type { NoticesState } from '../notices.ts';
import type { QuestionsState } from '../questions.ts';
import { makeRollout } from './make-rollout.ts';
import { orderWithSecrets } from './order-with-secrets.ts';
import { ROLLOUT_KEY } from './rollout-key.ts';
import { deviceIdsOf } from './host-rollout-view.ts';
import { memberKeys, OwnRollout } from './own-rollout.ts';
import { RolloutNotice } from './rollout-notice.ts';

export interface HostRolloutsParts {
  readonly jobs: Pick<LazyJobs, 'wants' | 'loaded' | 'choice'>;
  readonly keys: JobKeys;
  readonly devices: DevicesState;
  readonly firmware: Pick<FirmwareState, 'fromLibrary' | 'show'>;
  readonly questions: Pick<QuestionsState, 'ask'>;
  readonly notices: NoticesState;
  readonly clock: Pick<Clock, 'date'>;
  readonly newId: () => string;
  readonly newRef: () => JobRef;
}

/** The one rollout of this browser that a host runs. Its jobs are drawn on their devices' cards as always. */
export class HostRollouts {
  readonly #parts: HostRolloutsParts;
  readonly #view: WritableAtom<RolloutView>;
  readonly #notice: RolloutNotice;
  #jobs: JobsState | null = null;
  #own: OwnRollout | null = null;
  /** What the host asks just now; null: nothing. */
  #asking: HostRollout | null = null;

  constructor(parts: HostRolloutsParts, view: WritableAtom<RolloutView>) {
    this.#parts = parts;
    this.#view = view;
    this.#notice = new RolloutNotice(parts.notices, view);
  }

  /** Whether what is on the screen is the host's. */
  get isShown(): boolean {
    return this.#own !== null;
  }

  /** What opens it on another page. */
  get ref(): JobRef | null {
    return this.#own?.ref ?? null;
  }

  /** Whether the host runs a rollout of these devices; says so where it would, but for one of them. */
  wants(ids: readonly string[]): boolean {
    const { devices, jobs } = this.#parts;
    const all = ids.flatMap((id) => devices.find(id) ?? []);
    const not = all.find((device) => !jobs.wants(device));
    if (not === undefined) return all.length > 0;
    // Else this browser was told to run them itself.
    if (jobs.choice.$choice.get().where === 'host' && all.some((device) => jobs.wants(device))) {
      this.#notice.whileRunning(rolloutHereText({ kind: 'one-not-reached', device: not.name }));
    }
    return false;
  }

  /** Follows the rollout that this browser keeps the key of. Answers whether there is one. */
  async load(): Promise<boolean> {
    const { keys } = this.#parts;
    const kept = await keys.read(ROLLOUT_KEY);
    if (kept === null || this.isShown || this.#view.get().kind === 'running') return this.isShown;
    const jobs = await this.#loaded();
    const answer = (await jobs?.calls.readRollout(kept)) ?? null;
    // Another one may have been begun meanwhile.
    if (answer === null || this.#own !== null) return this.#own !== null;
    if (answer.kind === 'refused') {
      if (answer.why.kind === 'no-such-rollout') await keys.remove(ROLLOUT_KEY);
      return false;
    }
    await this.#take(kept, answer.value);
    return true;
  }

  /** A link brought `text`, which is "id.key". Devices are saved that are not known here. */
  async arrive(text: string): Promise<void> {
    const { devices, keys, questions, clock, newId } = this.#parts;
    const ref = refIn(text);
    const jobs = await this.#loaded();
    if (ref === null || jobs === null) {
      this.#notice.say(rolloutNotDoneText({ kind: 'no-such-rollout' }));
      return;
    }
    if (this.#own?.ref.id === ref.id) return;
    if (this.#view.get().kind === 'running') {
      this.#notice.say(rolloutNotDoneText({ kind: 'under-way' }));
      return;
    }
    const answer = await jobs.calls.readRollout(ref);
    if (answer.kind === 'refused') {
      this.#notice.say(rolloutNotDoneText(answer.why));
      return;
    }
    const told = answer.value.devices;
    const unknownNow = (): typeof told => {
      const known = deviceIdsOf(told, devices.$devices.get());
      return told.filter(({ job }) => known.get(job) === job);
    };
    const what = { firmware: answer.value.firmware.name, devices: told.length, fresh: unknownNow().length };
    if (!(await questions.ask({ kind: 'follow-rollout', ...what }))) return;
    // While it was open another rollout may have been begun here.
    if (this.#view.get().kind === 'running') {
      this.#notice.say(rolloutNotDoneText({ kind: 'under-way' }));
      return;
    }
    // Another link, or another tab, may have saved some.
    const unknown = unknownNow();
    await devices.saveAll(
      unknown.map(({ device }) => newDeviceAt(device, newId(), clock.date())),
      new Map(),
    );
    const kept = { ...ref, toldAt: null };
    await keys.write(ROLLOUT_KEY, kept);
    await this.#take(kept, answer.value);
    this.#notice.say(rolloutFollowedText(answer.value.devices.length));
  }

  /** Hands the file over, and a rollout. `here`: the host does not do it, which was said; the page does. */
  async start(
    firmware: Firmware,
    ids: readonly string[],
    options: RolloutOptions,
    onSent: (bytes: number) => void,
  ): Promise<'begun' | 'here'> {
    const jobs = await this.#loaded();
    if (jobs === null) return 'here';
    const { keys } = this.#parts;
    const before = await keys.read(ROLLOUT_KEY);
    const made = await makeRollout({ firmware, ids, options, onSent }, { ...this.#parts, calls: jobs.calls });
    if (made.kind === 'refused') {
      if (before === null) await keys.remove(ROLLOUT_KEY);
      else await keys.write(ROLLOUT_KEY, before);
      this.#notice.whileRunning(rolloutHereText(made.why));
      return 'here';
    }
    // Its cards and its title name the file; the place where files are chosen does so, too.
    this.#parts.firmware.show(firmware);
    await this.#take(made.kept, made.rollout, new Map(made.members));
    // The host may have taken it all the same; then the stream tells.
    if (made.kind === 'lost') this.#notice.untilTold(rolloutLostText());
    return 'begun';
  }

  /** Goes on after a restart of the host, with the tokens that are here. */
  goOn(): Promise<NotStarted | null> {
    return this.#orderWithSecrets((secrets) => ({ kind: 'go-on', secrets }));
  }

  retry(which: 'failed' | 'rest'): Promise<NotStarted | null> {
    return this.#orderWithSecrets((secrets) => ({ kind: 'again', which, secrets }));
  }

  /** Tells the host. What it says no to is told. */
  async order(order: RolloutOrder): Promise<void> {
    const own = this.#own;
    const answer = own === null ? null : await this.#jobs?.calls.orderRollout(own.ref, order);
    if (answer === null || answer === undefined) return;
    if (answer.kind === 'refused') this.#notice.say(rolloutNotDoneText(answer.why));
    else if (answer.value !== null) own?.hearWhole(answer.value);
  }

  /** The host forgets it. Devices are left as they are. */
  async forget(): Promise<void> {
    await this.order({ kind: 'forget' });
    await this.dismiss();
  }

  /** Puts an ended one away here. */
  async dismiss(): Promise<void> {
    this.#own = null;
    this.#jobs?.followRollout(null);
    this.#view.set({ kind: 'none' });
    await this.#parts.keys.remove(ROLLOUT_KEY);
  }

  async #orderWithSecrets(orderOf: Parameters<typeof orderWithSecrets>[1]): Promise<NotStarted | null> {
    const calls = this.#jobs?.calls;
    if (this.#own === null || calls === undefined) return 'under-way';
    const { devices, firmware } = this.#parts;
    return orderWithSecrets(this.#own, orderOf, { calls, devices, firmware, say: (text) => this.#notice.say(text) });
  }

  async #take(kept: KeptJob, rollout: HostRollout, known?: ReadonlyMap<string, string>): Promise<void> {
    const jobs = await this.#loaded();
    if (jobs === null) return;
    const { devices, keys } = this.#parts;
    const parts = {
      ...{ jobs, keys, view: this.#view },
      asks: (asking: HostRollout | null) => void this.#ask(asking),
      gone: () => {
        this.#notice.say(rolloutGoneText());
        void this.dismiss();
      },
    };
    const ids = known ?? deviceIdsOf(rollout.devices, devices.$devices.get());
    this.#own = new OwnRollout(parts, kept, rollout, ids, await memberKeys(kept.key, rollout));
    jobs.followRollout(this.#own);
  }

  /** Once for all devices of which it may be the only update over the air, on every page that is open. */
  async #ask(asking: HostRollout | null): Promise<void> {
    this.#asking = asking;
    if (asking === null) return;
    const { asks, devices, firmware } = asking;
    const names = devices.flatMap(({ job, device }) => (asks.includes(job) ? [device.name] : []));
    const asked = { kind: 'rollout', firmware: firmware.name, devices: devices.length } as const;
    const isYes = await this.#parts.questions.ask({ ...asked, doubt: { kind: 'only-update', names } });
    // Somebody else may have answered meanwhile.
    if (this.#asking === asking) await this.order({ kind: 'agree', yes: isYes });
  }

  async #loaded(): Promise<JobsState | null> {
    return (this.#jobs ??= await this.#parts.jobs.loaded());
  }
}
