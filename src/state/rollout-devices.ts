/** One device of a rollout: asked before, and updated at its turn, through the same state as by hand. */
import type { Clock, Journal } from '../update/ports.ts';
import { failedBefore, notReady, readiness } from '../update/readiness.ts';
import type { NotReady, Readiness } from '../update/rollout-state.ts';
import type { Outcome } from '../update/update-state.ts';
import type { ChecksState } from './checks.ts';
import type { DevicesState } from './devices.ts';
import type { Firmware } from './firmware.ts';
import type { UpdatesState } from './updates.ts';

export interface RolloutDevices {
  readonly devices: DevicesState;
  readonly updates: Pick<UpdatesState, 'start' | 'running' | '$update'>;
  readonly checks: Pick<ChecksState, 'check' | '$check'>;
  readonly journal: Journal;
  readonly clock: Pick<Clock, 'now' | 'date'>;
  /** Told of a defect in one device's update; the rollout goes on. */
  readonly trouble: (error: unknown) => void;
}

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

/** The check that a person can ask for too, so that the device's card shows what it said. */
export async function look(parts: RolloutDevices, id: string, firmware: Firmware): Promise<Readiness> {
  const { checks, clock, devices, journal, updates } = parts;
  if (updates.running(id)) return UPDATING_ALREADY;
  await checks.check(id);
  const device = devices.find(id);
  if (device === undefined) return REMOVED;
  const said = checks.$check(id).get();
  switch (said.kind) {
    // Somebody began an update meanwhile, which ends a check.
    case 'unasked':
    case 'asking':
      return UPDATING_ALREADY;
    case 'failed':
      return {
        ...notReady(device.name, device.dialect, { code: said.code, said: null }),
        message: said.words.detail,
      };
    case 'answered': {
      const { name, chipId } = device;
      const { dialect, status } = said;
      const looked = { name, dialect, status, journal: await journal.read(id), date: clock.date() };
      return readiness({ ...firmware, chipId }, looked);
    }
  }
}

/** Runs one update to its end, as a tap on its card does. */
export async function update(parts: RolloutDevices, id: string, firmware: Firmware): Promise<Outcome | NotReady> {
  const { devices, trouble, updates } = parts;
  const device = devices.find(id);
  if (device === undefined) return REMOVED;
  if (updates.running(id)) return UPDATING_ALREADY;
  try {
    await updates.start(id, { firmware });
  } catch (error) {
    // A defect in one update is told, and costs the others nothing.
    trouble(error);
  }
  const view = updates.$update(id).get();
  if (view.kind === 'ended') return view.state;
  return failedBefore(device.dialect, firmware.bytes.length, { code: 'aborted', oldFirmware: 'unknown' });
}
