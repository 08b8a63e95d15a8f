/** Whether an agent's device is there, and what it tells. */
import type { Sight } from '../../../agent/decision.ts';
import { openAnyLink } from '../../../device/open-link.ts';
import { OF_HOST } from '../../../device/whole-image/of-host.ts';
import type { JobDevice } from '../../../model/jobs/job.ts';
import type { AgentDevice } from '../agent-device.ts';
import { lookAt } from '../../reach/look-at.ts';
import type { SharedParts } from '../shared-parts.ts';

type WatchParts = Pick<SharedParts, 'way' | 'clock' | 'signal' | 'jobs' | 'notice'>;

export class DeviceWatch {
  readonly #device: AgentDevice;
  readonly #place: JobDevice;
  readonly #shared: WatchParts;
  #sight: Sight | null = null;
  /** Null: it was not looked at yet. */
  #isSeen: boolean | null = null;

  constructor(device: AgentDevice, place: JobDevice, shared: WatchParts) {
    this.#device = device;
    this.#place = place;
    this.#shared = shared;
  }

  /** The last look at it; null: it did not answer. */
  get sight(): Sight | null {
    return this.#sight;
  }

  /** Null: it was not looked at yet. */
  get isSeen(): boolean | null {
    return this.#isSeen;
  }

  async look(): Promise<boolean> {
    const { way, clock, signal, jobs, notice } = this.#shared;
    const { target, name: device } = this.#device;
    const { fetch, upload, raw } = way;
    const deps = { fetch, upload, raw, clock, secureContext: false, onHost: OF_HOST };
    const told = await lookAt(openAnyLink(target, deps), signal);
    const [isLeftOpen, isHeld] = [(await jobs.left(this.#place)) !== null, jobs.at(this.#place) !== null];
    this.#sight = told === null ? null : { ...told, isLeftOpen, isHeld };
    const isSeen = told !== null;
    if (signal.aborted) return isSeen;
    if (isSeen && this.#isSeen === false) notice({ kind: 'seen-again', device });
    if (!isSeen && this.#isSeen !== false) notice({ kind: 'not-seen', device });
    this.#isSeen = isSeen;
    return isSeen;
  }
}
