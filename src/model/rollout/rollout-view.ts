/** The one rollout of the page, as it is shown. */
import type { FirmwareName } from '../firmware/firmware-record.ts';
import type { RolloutRecord } from './rollout-record.ts';
import type { RolloutState } from './rollout-state.ts';

/** Why a rollout could not begin. */
export type NotStarted = 'under-way' | 'other-tab' | 'no-firmware' | 'file-gone' | 'no-devices';

export type RolloutView =
  | { readonly kind: 'none' }
  | {
      /** A rollout of an earlier visit that has not ended. It never goes on by itself. */
      readonly kind: 'offer';
      readonly record: RolloutRecord;
      /** Null where its file is no longer kept: then the same file has to be chosen first. */
      readonly firmware: FirmwareName | null;
      /**
       * It waits on the host. `ready`: for the person's word; `needs-token`: for its devices' tokens. Absent: it waits
       * in the page.
       */
      readonly onHost?: 'ready' | 'needs-token';
    }
  | {
      readonly kind: 'running' | 'ended';
      readonly firmware: FirmwareName;
      readonly state: RolloutState;
      /** What was pressed; the state follows once the updates under way allow. */
      readonly paused: boolean;
      readonly finishing: boolean;
      /** The host runs it, and can be reached or not. Absent: the page runs it. */
      readonly onHost?: 'heard' | 'away';
    };
