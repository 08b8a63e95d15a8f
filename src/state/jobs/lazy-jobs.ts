import type { Device } from '../../model/device/device.ts';
import { isLeftToHost, spokenBy } from '../../model/device/dialect.ts';
import { isTokenHeader } from '../../model/device/secrets/token-header.ts';
import type { JobKeys, JobRef } from '../../model/page/job-calls.ts';
import { lazy } from '../../model/lazy.ts';
import { isInTab } from '../../model/page/in-tab.ts';
import type { Outcome } from '../../model/update/update-state.ts';
import { firstRoute } from '../device/first-route.ts';
import type { DevicesState } from '../device/devices.ts';
import type { HostState } from '../host.ts';
import type { HostRuns, HostStart, HostStartPlan } from '../update/host-runs.ts';
import type { StartOptions } from '../update/start-options.ts';
import type { JobsState } from './jobs.ts';
import type { RunChoiceState } from './run-choice.ts';

export interface LazyJobsParts {
  readonly host: Pick<HostState, '$offers' | 'asked'>;
  readonly devices: Pick<DevicesState, '$devices'>;
  readonly keys: JobKeys;
  readonly choice: RunChoiceState;
  /** Whether the page is a secure context. */
  readonly secure: boolean;
  /** Milliseconds since 1970. */
  readonly today: () => number;
  readonly make: () => Promise<JobsState>;
  /** A link led to an update, and there is no host that lets this page in. */
  readonly noHost: () => void;
}

/** Updates on the host, whose code is loaded with the first of them. */
export class LazyJobs implements HostRuns {
  readonly choice: RunChoiceState;
  readonly #parts: LazyJobsParts;
  readonly #jobs: () => Promise<JobsState>;

  constructor(parts: LazyJobsParts) {
    this.#parts = parts;
    this.choice = parts.choice;
    this.#jobs = lazy(parts.make);
  }

  wants(device: Device): boolean {
    const { host, secure, today } = this.#parts;
    if (host.$offers.get().jobs !== true || isInTab(device)) return false;
    // Nobody else can speak to it, wherever this browser runs its other updates.
    if (isLeftToHost(spokenBy(device))) return true;
    if (this.choice.$choice.get().where !== 'host') return false;
    // A device saved by an earlier version may have a header that neither the host nor its gateway sends; the page's
    // own run says so.
    if (!isTokenHeader(device.tokenHeader)) return false;
    return firstRoute(device, { secure, now: today() }) === 'gateway';
  }

  /** Shows at once where the updates stand that this browser has the keys of. */
  async load(): Promise<void> {
    const { host, devices, keys } = this.#parts;
    if (host.$offers.get().jobs !== true) return;
    for (const { id } of devices.$devices.get()) {
      const kept = await keys.read(id);
      if (kept === null) continue;
      const jobs = await this.loaded();
      if (jobs === null) return;
      jobs.follow(id, kept);
    }
  }

  /** `text`: what a link has of it, "id.key". */
  async arrive(text: string): Promise<void> {
    const { host, noHost } = this.#parts;
    await host.asked;
    const isThere = host.$offers.get().jobs === true;
    const jobs = isThere ? await this.loaded() : null;
    if (jobs === null) noHost();
    else await jobs.arrive(text);
  }

  /** What opens the update of a device on another page; null where the host runs none. */
  async ref(deviceId: string): Promise<JobRef | null> {
    const { host, keys } = this.#parts;
    const kept = await keys.read(deviceId);
    // The key of a rollout's job is not stored: it is derived from the rollout's.
    if (kept !== null || host.$offers.get().jobs !== true) return kept;
    return (await this.loaded())?.ref(deviceId) ?? null;
  }

  async start(asked: HostStartPlan): Promise<HostStart> {
    // Without its code the page does what it always can.
    return (await this.loaded())?.start(asked) ?? 'here';
  }

  async fallsBack(device: Device, end: Outcome): Promise<boolean> {
    return (await this.#jobs()).fallsBack(device, end);
  }

  async again(
    deviceId: string,
    options: Pick<StartOptions, 'takeOver' | 'overruled' | 'beginAgain' | 'restartFirst'>,
  ): Promise<boolean> {
    return (await this.#jobs()).again(deviceId, options);
  }

  async forget(deviceId: string): Promise<void> {
    await (await this.#jobs()).forget(deviceId);
  }

  async offerAgain(deviceId: string): Promise<void> {
    (await this.#jobs()).offerAgain(deviceId);
  }

  /** Null where the host does not bring the code: it is out of reach, or has another version by now. */
  loaded(): Promise<JobsState | null> {
    return this.#jobs().catch(() => null);
  }
}
