/** What was found of files and devices that are no ViperHTTP's, in sentences. */
import type { Finding } from '../../model/firmware/finding.ts';
import { bytesInWords } from '../kit/quantities.ts';
import { chipName } from './chip-name.ts';

type Of<Reason extends Finding['reason']> = Extract<Finding, { reason: Reason }>;

export type OfOtherProducts = Of<
  'other-firmware' | 'other-release' | 'chip-untold' | 'other-node' | 'stopgap' | 'installs-from' | 'flash-size'
>;

export function ofOtherProducts(found: OfOtherProducts): string {
  switch (found.reason) {
    case 'other-firmware':
      if (found.file === 'named')
        return `This device runs ${found.product}, and the file is ${found.named}: it would replace ${found.product}. Send it only if that is what you want.`;
      if (found.product === 'PrettyOTA' && found.file === 'unnamed')
        return 'This device takes updates by PrettyOTA, and the file shows no sign of it: it may be the last one that the device takes over the air. Send it only if you know what it is.';
      return found.file === 'micropython'
        ? `This device runs ${found.product}, and the file is MicroPython: it would replace ${found.product}. Send it only if that is what you want.`
        : `This device runs ${found.product}, and the file doesn’t say that it is ${found.product}: an older build, or other firmware. Send it only if you know what it is.`;
    case 'other-release':
      return `The file is the release ${found.file}; this device runs ${found.device}. A release for other hardware may not start. Send it only if you know that it fits.`;
    case 'chip-untold':
      return `Built for the ${chipName(found.chipId)}. This device doesn’t report its chip, and an ESP8266 starts whatever it is sent: send it only if you know that it has this chip.`;
    case 'other-node':
      return `The file is built for “${found.file}”, and this device is “${found.device}”: it would take the other’s name and settings. Send it only if that is what you want.`;
    case 'stopgap':
      return stopgap(found);
    case 'installs-from':
      return `The file can be installed from version ${found.least} on; this device runs ${found.device}. Install a version in between first.`;
    case 'flash-size':
      return `Built for ${bytesInWords(found.file)} of flash; this device reports ${bytesInWords(found.device)}. Choose the build for its flash.`;
  }
}

function stopgap({ product, build, flashBytes }: Of<'stopgap'>): string {
  switch (build) {
    case 'minimal':
      return `The file is ${product}’s minimal build, a step to the next update on devices with 1 MB of flash: it can do little else.${flashBytes === null ? '' : ` This device has ${bytesInWords(flashBytes)}, and takes a full build at once.`}`;
    case 'safeboot':
      return `The file is ${product}’s safeboot, which can do little more than take the next update, and has a partition of its own. Send it only if you know what it is for.`;
  }
}
