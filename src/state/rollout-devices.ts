/** One device of a rollout: asked before, and updated at its turn, through the same state as by hand. */
import type { Clock, Journal } from '../update/ports.ts';
import { failedBefore, notReady, readiness } from '../update/readiness.ts';
import type { NotReady, Readiness } from '../update/rollout-state.ts';
import { UpdateError } from '../update/update-error.ts';
import type { Outcome } from '../update/update-state.ts';
import type { ChecksState } from './checks.ts';
import type { DevicesState } from './devices.ts';
import type { Firmware } from './firmware.ts';
import type { LinkTo } from './tools.ts';
import type { UpdatesState } from './updates.ts';

export interface RolloutDevices {
  readonly devices: DevicesState;
  readonly updates: Pick<UpdatesState, 'start' | 'running' | '$update'>;
  readonly checks: Pick<ChecksState, 'inTurn'>;
  /** The link of an update: what takes an update without telling anything before is not left out. */
  readonly linkTo: LinkTo;
  readonly journal: Journal;
  readonly clock: Pick<Clock, 'now' | 'date'>;
  /** Told of a defect in one device's update; the rollout goes on. */
  readonly trouble: (error: unknown) => void;
}

/** A device that says nothing for this long, in milliseconds, is not there: status costs it no flash work. */
const SILENCE_MS = 8_000;

const UPDATING_ALREADY: NotReady = {
  ready: false,
  because: 'busy',
  message: 'An update of it is under way on this page already.',
};
const REMOVED: NotReady = {
  ready: false,
  because: 'removed',
  message: 'It was removed from the devices here.',
};

/** Whether a device can take the firmware now; nothing on it changes. */
export async function look(parts: RolloutDevices, id: string, firmware: Firmware): Promise<Readiness> {
  const { checks, clock, devices, journal, linkTo, updates } = parts;
  const device = devices.find(id);
  if (device === undefined) return REMOVED;
  if (updates.running(id)) return UPDATING_ALREADY;
  // Stands where an update begins meanwhile and ends the question.
  let found: Readiness = UPDATING_ALREADY;
  await checks.inTurn(id, async (signal) => {
    const options = { signal, silenceMs: SILENCE_MS };
    try {
      const link = await linkTo(device, await devices.token(id))(options);
      const { dialect, tellsStatus } = link;
      const status = tellsStatus ? await link.status(options) : null;
      const { name, chipId } = device;
      found = readiness(
        { ...firmware, chipId },
        { name, dialect, status, journal: await journal.read(id), date: clock.date() },
      );
    } catch (error) {
      if (!(error instanceof UpdateError)) throw error;
      if (!signal.aborted) found = notReady(device.name, device.dialect, error);
    }
  });
  return found;
}

/** Runs one update to its end, as a tap on its card does. */
export async function update(parts: RolloutDevices, id: string, firmware: Firmware): Promise<Outcome | NotReady> {
  const { devices, trouble, updates } = parts;
  const device = devices.find(id);
  if (device === undefined) return REMOVED;
  if (updates.running(id)) return UPDATING_ALREADY;
  try {
    await updates.start(id, { firmware, beginAgain: true });
  } catch (error) {
    // A defect in one update is told, and costs the others nothing.
    trouble(error);
  }
  const view = updates.$update(id).get();
  if (view.kind === 'ended') return view.state;
  return failedBefore(device.dialect, firmware.bytes.length, { code: 'aborted', oldFirmware: 'unknown' });
}
