/** Which devices need the file on the screen, as far as it is known before any of them is asked. Pure. */
import type { Device } from '../../model/device/device.ts';
import { ASKED_APART, type Fit, type Misfit } from '../device/fits.ts';

type Fits = ReadonlyMap<string, Fit>;

/**
 * How a device stands to the file. `has`: it runs this very file, or tells its very version. `took`: it took the file last,
 * and nothing shows whether it runs. `other`: it could take the file, which is another product than it runs. `misfit`: it
 * cannot take it.
 */
export type Need = 'needs' | 'has' | 'took' | 'other' | 'misfit';

/** How many devices stand so. */
export type RolloutTally = Readonly<Record<Need, number>>;

/** Why the device cannot take the file. What is asked once for all devices is no reason. */
export function whyNot({ id }: Pick<Device, 'id'>, fits: Fits): Misfit | null {
  const misfit = fits.get(id)?.misfit ?? null;
  return misfit === null || ASKED_APART.includes(misfit.finding.reason) ? null : misfit;
}

/** Only devices that need the file are chosen at first. Null: there is no file to need. */
export function needOf(device: Pick<Device, 'id'>, fits: Fits): Need | null {
  const fit = fits.get(device.id);
  if (fit === undefined) return null;
  if (fit.has === 'runs' || fit.has === 'tells') return 'has';
  if (whyNot(device, fits) !== null) return 'misfit';
  if (fit.otherProduct !== null) return 'other';
  return fit.has === 'took' ? 'took' : 'needs';
}

/** Null where there is no file to need. */
export function tally(devices: readonly Pick<Device, 'id'>[], fits: Fits): RolloutTally | null {
  if (fits.size === 0) return null;
  const needs = devices.map((device) => needOf(device, fits));
  const count = (need: Need): number => needs.filter((each) => each === need).length;
  return {
    ...{ needs: count('needs'), has: count('has'), took: count('took') },
    ...{ other: count('other'), misfit: count('misfit') },
  };
}
