/** Which firmware a device runs, as far as anybody knows, in few words. */
import type { Device } from '../../model/device/device.ts';

/** What a device runs or took last, in few words; the same whichever of the two is known. */
export function versionInWords({ runs }: Pick<Device, 'runs'>): string {
  return runs === null ? 'not known' : (runs.version ?? runs.project ?? runs.sha256.slice(0, 8));
}

/** "runs 1.2.0", or "took 1.2.0" where nobody saw it run; empty where nothing is known. */
export function runsInWords(device: Pick<Device, 'runs'>): string {
  if (device.runs === null) return '';
  return `${device.runs.proven ? 'runs' : 'took'} ${versionInWords(device)}`;
}
