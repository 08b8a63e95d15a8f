/** One firmware on its way to one device, and how that is told. */
import type { Device } from '../../model/device/device.ts';
import type { FirmwareName } from '../../model/firmware/firmware-record.ts';
import type { UpdateState } from '../../model/update/update-state.ts';
import type { DescribeUpdate, Words } from '../../words/update/told.ts';
import type { SentFirmware } from './sent-firmware.ts';

export interface Sending {
  readonly device: Device;
  readonly firmware: SentFirmware;
  readonly describe: DescribeUpdate;
}

export function nameOf({ sha256, name, version }: SentFirmware): FirmwareName {
  return { sha256, name, version };
}

export function wordsOf({ device, firmware, describe }: Sending, state: UpdateState): Words {
  return describe(state, { device: device.name, version: firmware.version });
}
