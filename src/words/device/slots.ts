/** What a device's slots and its token mean for its updates. Small, since the first view of the page has it. */
import type { Remark } from '../../model/device/link.ts';

export const ONLY_SLOT_RUNS =
  'This device runs from its only update slot and can’t overwrite it. Update it by cable, or install a partition table with two update slots by cable once: from then on it takes updates over the air.';

export const MAY_BE_ONLY_UPDATE =
  'It runs from its factory slot. If its table has only one update slot besides that, like the published board, this is its only update over the air: later ones need a cable.';

export const REMARKS: Readonly<Record<Remark, string>> = {
  'takes-any-token':
    'It accepts any token, or none: anyone on its network can put firmware on it. Start its program with an ota_token.',
};
