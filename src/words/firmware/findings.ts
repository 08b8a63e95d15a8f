/** What was found of a file, and what was judged of it for a device, in sentences. Plain text, one or more sentences each. */
import type { Finding, Found } from '../../model/firmware/finding.ts';
import type { Verdict } from '../../model/firmware/inspection.ts';
import { plural, whole } from '../kit/locale.ts';
import { chipName } from './chip-name.ts';
import { ofOtherProducts } from './other-products.ts';
import { compressed, FOREIGN_HEADS, merged, truncated, uf2 } from './packed-findings.ts';
import { bytesInWords, exactBytes } from '../kit/quantities.ts';
import { ONLY_SLOT_RUNS } from '../device/slots.ts';

/** What an inspection or a judgement found, in one text: why it is refused, every warning, or that nothing is wrong. */
export function verdictInWords({
  verdict,
  finding,
  warnings,
}: {
  readonly verdict: Verdict;
  readonly finding: Found;
  readonly warnings: readonly Found[];
}): string {
  return verdict === 'warn' ? warnings.map(findingInWords).join(' ') : findingInWords(finding);
}

/** One finding. What an earlier version wrote is said as it was written. */
export function findingInWords(found: Found): string {
  return 'text' in found ? found.text : sentence(found);
}

function sentence(found: Finding): string {
  switch (found.reason) {
    case 'ok':
      return found.kind === 'fits'
        ? `Fits this device: ${bytesInWords(found.size)}.`
        : `Firmware for ${found.chipId === null ? '' : chipName(found.chipId)}, ${bytesInWords(found.size)}, complete and unchanged.`;
    case 'empty':
      return 'This file is empty. It is not firmware.';
    case 'too-short':
      return `This file has only ${exactBytes(found.size)}. It is not firmware.`;
    case 'text':
      return text(found);
    case 'elf':
      return 'Debug file (ELF). Choose the .bin next to it.';
    case 'intel-hex':
      return 'Intel HEX, used by cable flashers. Choose the .bin.';
    case 'partition-table':
      return 'This is a partition table, not an app. It is written by cable only.';
    case 'otadata':
      return 'This is a boot selector (otadata), not an app. It says which slot starts; it is not sent as firmware.';
    case 'file-system':
      return 'File-system image, not an app. It goes to the data partition.';
    case 'nvs':
      return 'Settings image (NVS), not an app. It goes to the nvs partition.';
    case 'esp8266':
      return found.deviceChipId === null
        ? 'Built for the ESP8266: only a device that reports this chip takes it. ViperHTTP devices are ESP32s.'
        : `Built for the ESP8266; ${isAn(found.deviceChipId)}. Choose the file for your chip.`;
    case 'esp8266-sdk':
      return 'Built for the ESP8266 with Espressif’s own SDK. It needs that SDK’s loader on the device, and no update here starts it.';
    case 'bootloader':
      return found.at === 0
        ? 'This is a bootloader. Sent as an app it would not start. Choose the app’s .bin.'
        : `This is a bootloader, which starts ${exactBytes(found.at)} into the file. Sent as an app it would not start. Choose the app’s .bin.`;
    case 'uf2':
      return uf2(found);
    case 'uf2-foreign':
      return 'This UF2 file is made for another microcontroller.';
    case 'compressed':
      return compressed(found);
    case 'merged':
      return merged(found);
    case 'merged-without-app':
      return 'This file holds a bootloader and a partition table, but no app that could be sent.';
    case 'trailing-image':
      return trailingImage(found);
    case 'trailing-bytes':
      return `${whole(found.bytes)} unknown ${plural(found.bytes, 'byte follows', 'bytes follow')} the firmware in this file.`;
    case 'truncated':
      return truncated(found);
    case 'damaged':
      return damaged(found);
    case 'hash-mismatch':
      return 'Changed after it was built: its hash does not match. Download or build it again.';
    case 'malformed':
      return MALFORMED[found.kind];
    case 'maybe-encrypted':
      return 'Not readable as ESP firmware; it may be encrypted. Updates over the air need the plain file.';
    case 'no-descriptor':
      return 'Looks valid, but has no name and no version.';
    case 'descriptor-required':
      return `It has no app description, which ESP-IDF 5.4 and later refuse on ${chipName(found.chipId)}.`;
    case 'no-hash':
      return 'Looks valid, but has no hash: only a weak checksum shows that it is complete.';
    case 'no-micropython':
      return 'The firmware shows no sign of MicroPython. Without it, the device no longer runs ViperHTTP and needs a cable. Send it only if you know that this build has MicroPython.';
    case 'other-firmware':
    case 'other-release':
    case 'chip-untold':
    case 'other-node':
    case 'stopgap':
    case 'installs-from':
    case 'flash-size':
      return ofOtherProducts(found);
    case 'signature-missing':
      return 'This device takes only signed firmware; this file has no signature.';
    case 'signature-malformed':
      return found.required
        ? 'This device takes only signed firmware; the signature of this file is broken.'
        : 'Its signature is broken: a device that takes only signed firmware will refuse it.';
    case 'secure-version':
      return `This device doesn’t take older firmware: it needs security version ${found.required} or newer, and this file has ${found.stated}.`;
    case 'wrong-chip':
      return `Built for ${chipName(found.chipId)}; ${isAn(found.deviceChipId)}.`;
    case 'unknown-chip':
      return found.deviceChipId === null
        ? `Built for chip ID ${found.chipId}, which Moult doesn’t know. It may be newer than this page.`
        : `Built for chip ID ${found.chipId}, which Moult doesn’t know; ${isAn(found.deviceChipId)}.`;
    case 'chip-not-known':
      return `Built for ${chipName(found.chipId)}; the chip of this device is unknown. Check that it is an ${chipName(found.chipId)}.`;
    case 'chip-revision':
      return chipRevision(found);
    case 'efuse-revision':
      return found.kind === 'at-least'
        ? `Asks for revision ${revision(found.revision)} or newer of the chip’s eFuse block. From ESP-IDF 5.4 on, a device refuses it if its chip has an older one.`
        : `Asks for revision ${revision(found.revision)} or older of the chip’s eFuse block. From ESP-IDF 5.4 on, a device refuses it if its chip has a newer one.`;
    case 'too-large':
      return `${exactBytes(found.needed - found.capacity)} too big for the update slot: the firmware needs ${bytesInWords(found.needed)}, the slot has ${bytesInWords(found.capacity)}.`;
    case 'no-update-slot':
      return 'This device has no update slot: it has only one app partition. Install a partition table with two slots by cable first.';
    case 'only-slot-runs':
      return ONLY_SLOT_RUNS;
  }
}

type Of<Reason extends Finding['reason']> = Extract<Finding, { reason: Reason }>;

const MALFORMED: Readonly<Record<Of<'malformed'>['kind'], string>> = {
  unknown: 'Not readable as ESP firmware.',
  structure: 'Not readable as ESP firmware: it starts like an image, but its structure is wrong.',
  'not-on-pages': 'Not readable as ESP firmware: its segments do not lie on flash pages.',
  'starts-erased': 'Not readable as ESP firmware: the file starts with nothing but erased flash.',
  addresses: 'This UF2 file can’t be joined: its addresses make no sense.',
};

function text(found: Of<'text'>): string {
  switch (found.kind) {
    case 'web-page':
      return 'This is a web page, not firmware. Download the raw file again.';
    case 'git-lfs':
      return 'This is a Git LFS pointer, not the firmware itself. Download the raw file.';
    case 'json':
      return 'This is text (JSON), not firmware. Download the raw file again.';
    case 'plain':
      return 'This is text, not firmware. Download the raw file again.';
    case 'head-alone':
      return `This file begins with ${FOREIGN_HEADS[found.head]}, and no whole firmware follows. Download the raw file again.`;
  }
}

function trailingImage(found: Of<'trailing-image'>): string {
  switch (found.kind) {
    case 'second-image':
      return 'A second image follows the firmware in this file. Choose the file of the app alone.';
    case 'lead-in':
      return `The firmware starts ${exactBytes(found.at)} into this file. A device takes only the part from there on.`;
    case 'foreign-head':
      return `The firmware starts ${exactBytes(found.at)} into this file, behind ${FOREIGN_HEADS[found.head]}. A device takes the firmware alone (${bytesInWords(found.size)}).`;
  }
}

function damaged(found: Of<'damaged'>): string {
  switch (found.kind) {
    case 'checksum':
      return 'Damaged: its checksum is wrong. Download or build it again.';
    case 'line-endings':
      return 'Damaged: a text transfer changed its line endings. Send or download it again as a binary file.';
    case 'characters':
      return 'Damaged: a text transfer wrote its bytes as characters. Send or download it again as a binary file.';
    case 'stray-bytes':
      return `Damaged: ${exactBytes(found.bytes)} of this UF2 file ${plural(found.bytes, 'belongs', 'belong')} to no block. Download it again.`;
  }
}

function chipRevision(found: Of<'chip-revision'>): string {
  switch (found.kind) {
    case 'at-least':
      return `Needs ${chipName(found.chipId)} revision ${revision(found.min)} or newer. A board with an older chip may refuse to start it.`;
    case 'at-most':
      return `Made for ${chipName(found.chipId)} up to revision ${revision(found.max)}. A board with a newer chip, such as ${revision(found.newest)}, may refuse to start it.`;
    case 'device-older':
      return `Needs chip revision ${revision(found.min)} or newer; this device has ${revision(found.device)}.`;
    case 'device-newer':
      return `Made for chip revisions up to ${revision(found.max)}; this device has ${revision(found.device)}.`;
  }
}

function isAn(deviceChipId: number): string {
  return `this device is an ${chipName(deviceChipId)}`;
}

/** 199 → "v1.99". */
function revision(number: number): string {
  return `v${Math.floor(number / 100)}.${number % 100}`;
}
