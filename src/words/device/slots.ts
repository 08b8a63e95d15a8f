/** What a device's slots and its token mean for its updates. Small, since the first view of the page has it. */
import type { Remark } from '../../model/device/link.ts';

export const ONLY_SLOT_RUNS =
  'This device runs from its only update slot, and cannot write over what it runs from. Update it by cable, or install a partition table with two update slots by cable once: from then on it takes updates over the air.';

export const MAY_BE_ONLY_UPDATE =
  'It runs from its factory slot. Where its table has one update slot beside it, as the published board’s has, this is the only update over the air: all later ones go by cable.';

export const REMARKS: Readonly<Record<Remark, string>> = {
  'takes-any-token':
    'It takes any token, and none: everybody in its network can put firmware on it. Start its program with an ota_token.',
};
