/** One device of a rollout: asked before, and updated at its turn, through the same state as by hand. */
import { placeOf, type Device } from '../../model/device/device.ts';
import { isLeftToHost, spokenBy } from '../../model/device/dialect.ts';
import type { Clock } from '../../model/clock.ts';
import type { Journal } from '../../model/update/journal.ts';
import { notReady, readiness, readinessOfWhole, skipped } from '../../rollout/readiness.ts';
import type { NotReady, Readiness } from '../../model/rollout/rollout-state.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import type { Outcome } from '../../model/update/update-state.ts';
import type { ChecksState } from '../device/check/checks.ts';
import type { DevicesState } from '../device/devices.ts';
import type { Firmware } from '../firmware/chosen.ts';
import type { LinkTo } from '../tools.ts';
import type { UpdatesState } from '../update/updates.ts';
import { failedBefore } from '../../model/update/nothing-sent.ts';
import { LOOK_TIMEOUT_MS } from '../../model/device/link.ts';
import { isWholeImage } from '../../model/device/whole-image-link.ts';

export interface RolloutCrewParts {
  readonly devices: DevicesState;
  readonly updates: Pick<UpdatesState, 'start' | 'isRunning' | 'seenEnd'>;
  readonly checks: Pick<ChecksState, 'inTurn' | 'idle' | 'hear' | 'hearIdentity'>;
  /**
   * The link that an update would use, so that a device that takes updates but answers nothing before is not left out.
   */
  readonly linkTo: LinkTo;
  readonly journal: Journal;
  readonly clock: Pick<Clock, 'now' | 'date'>;
  /** Told of a defect in one device's update; the rollout goes on. */
  readonly trouble: (error: unknown) => void;
}

const UPDATING_ALREADY = skipped({ because: 'under-way' });
const REMOVED = skipped({ because: 'removed' });
const LOCKED = skipped({ because: 'locked' });
const DEFECT = skipped({ because: 'defect' });

/** The devices of one rollout, with what the person said about their tokens meanwhile. */
export class RolloutCrew {
  readonly #parts: RolloutCrewParts;
  readonly #firmware: Firmware;
  /** By the id of a device whose address another one has that comes before it. */
  readonly #twins: ReadonlyMap<string, Device>;
  readonly #goesOn: boolean;
  /** One "no" is for all of them: two hundred devices are not two hundred questions. */
  #leftLocked = false;

  /**
   * @param ids those of the rollout, in its order
   * @param goesOn it is the rollout of an earlier visit, which may have ended before the page knew how an update ended
   */
  constructor(parts: RolloutCrewParts, ids: readonly string[], firmware: Firmware, goesOn: boolean) {
    this.#parts = parts;
    this.#firmware = firmware;
    this.#goesOn = goesOn;
    this.#twins = twinsIn(ids.flatMap((id) => parts.devices.find(id) ?? []));
  }

  /** Whether a device can take the firmware now; nothing on it changes. Never rejects. */
  async look(id: string): Promise<Readiness> {
    const { checks, devices, trouble, updates } = this.#parts;
    try {
      for (;;) {
        const device = devices.find(id);
        if (device === undefined) return REMOVED;
        const twin = this.#twins.get(id);
        if (twin !== undefined) return skipped({ because: 'same', twin: twin.name });
        await updates.seenEnd(id, this.#firmware.sha256, this.#goesOn);
        if (updates.isRunning(id)) return UPDATING_ALREADY;
        if (!(await this.#opened(id))) return LOCKED;
        const found: { is: Readiness | null } = { is: null };
        const asked = await checks.inTurn(id, async (signal) => void (found.is = await this.#ask(device, signal)));
        if (found.is !== null) return found.is;
        if (!asked) return heldElsewhere(device);
        // "Check" was pressed, or an update began: that goes first.
        await checks.idle(id);
      }
    } catch (error) {
      // A defect in one of them is told, and costs the others nothing.
      trouble(error);
      return DEFECT;
    }
  }

  /** Runs one update to its end, as a tap on its card does. Never rejects. */
  async update(id: string): Promise<Outcome | NotReady> {
    const { devices, trouble, updates } = this.#parts;
    const device = devices.find(id);
    if (device === undefined) return REMOVED;
    try {
      const seen = await updates.seenEnd(id, this.#firmware.sha256, this.#goesOn);
      if (seen !== null && this.#goesOn) return seen;
      if (updates.isRunning(id)) return UPDATING_ALREADY;
      if (!(await this.#opened(id))) return LOCKED;
      const options = { firmware: this.#firmware, beginAgain: true, withoutMicroPython: true };
      const started = await updates.start(id, options);
      if (started.kind === 'ended') return started.state;
      if (started.kind === 'held-elsewhere') return heldElsewhere(device);
      if (started.kind === 'misfit') return skipped({ because: 'image', finding: started.misfit.finding });
      // The host does not begin, or stands still in the middle, which is said beside.
      if (isLeftToHost(spokenBy(device))) return this.#notKnown(device);
      // The tokens locked themselves between the question and the start, and were left so.
      return LOCKED;
    } catch (error) {
      trouble(error);
      return this.#notKnown(device);
    }
  }

  #notKnown({ dialect }: Device): Outcome {
    return failedBefore(dialect, this.#firmware.bytes.length, { code: 'aborted', oldFirmware: 'unknown' });
  }

  /** Null where the signal ended the question. */
  async #ask(device: Device, signal: AbortSignal): Promise<Readiness | null> {
    const { checks, clock, devices, journal, linkTo } = this.#parts;
    const { id, chipId } = device;
    const options = { signal, timeoutMs: LOOK_TIMEOUT_MS };
    try {
      const link = await linkTo(device, await devices.secrets(device))(options);
      if (isWholeImage(link)) {
        const identity = await link.identify(options);
        checks.hearIdentity(device, identity);
        return readinessOfWhole({ ...this.#firmware, chipId }, link.dialect, identity);
      }
      const { dialect, tellsStatus } = link;
      const status = tellsStatus ? await link.status(options) : null;
      if (status !== null) checks.hear(device, status);
      return readiness(
        { ...this.#firmware, chipId },
        { dialect, status, journal: await journal.read(id), date: clock.date() },
      );
    } catch (error) {
      if (!(error instanceof UpdateError)) throw error;
      return signal.aborted ? null : notReady(device.dialect, error);
    }
  }

  async #opened(id: string): Promise<boolean> {
    const { devices } = this.#parts;
    if (!devices.isEncrypted(id)) return true;
    if (!this.#leftLocked && !(await devices.unlocked(id))) this.#leftLocked = true;
    return !this.#leftLocked;
  }
}

function heldElsewhere({ dialect }: Device): NotReady {
  return notReady(dialect, { code: 'held-elsewhere', said: null });
}

function twinsIn(devices: readonly Device[]): ReadonlyMap<string, Device> {
  const first = new Map<string, Device>();
  const twins = new Map<string, Device>();
  for (const device of devices) {
    const place = placeOf(device);
    const known = first.get(place);
    if (known === undefined) first.set(place, device);
    else if (known.id !== device.id) twins.set(device.id, known);
  }
  return twins;
}
