/** Which devices need the file on the screen, as far as it is known before any of them is asked. Pure. */
import type { Device } from '../../model/device/device.ts';
import { ASKED_APART, type Fit, type Misfit } from '../device/fits.ts';

type Fits = ReadonlyMap<string, Fit>;

export interface RolloutTally {
  readonly need: number;
  /** Proven to run this very file. */
  readonly have: number;
  /** The others: they cannot take it. */
  readonly misfits: number;
}

/** Why the device cannot take the file. What is asked once for all devices is no reason. */
export function whyNot({ id }: Pick<Device, 'id'>, fits: Fits): Misfit | null {
  const misfit = fits.get(id)?.misfit ?? null;
  return misfit === null || ASKED_APART.includes(misfit.finding.reason) ? null : misfit;
}

/** Whether it is chosen where nobody has said otherwise. Without a file nobody needs it. */
export function needsIt(device: Pick<Device, 'id'>, fits: Fits): boolean {
  const fit = fits.get(device.id);
  return fit !== undefined && fit.has !== 'runs' && whyNot(device, fits) === null;
}

/** Null where there is no file to need. */
export function tally(devices: readonly Pick<Device, 'id'>[], fits: Fits): RolloutTally | null {
  if (fits.size === 0) return null;
  const have = devices.filter(({ id }) => fits.get(id)?.has === 'runs').length;
  const need = devices.filter((device) => needsIt(device, fits)).length;
  return { need, have, misfits: devices.length - need - have };
}
