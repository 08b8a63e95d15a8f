/** What a device told before the upload. Never changed, only replaced. Pure. */
import type { Clock } from '../../model/clock.ts';
import type { DeviceIdentity } from '../../model/device/identity.ts';

/** What the device told before the upload, and when. */
export interface Before {
  readonly identity: DeviceIdentity;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The same, with the time by the monotonic clock where this run heard it: the date may jump. */
export interface Heard extends Before {
  readonly monotonic: number | null;
}

export interface ToldBefore {
  /** What the firmware told that the update began with; null: nothing yet. */
  readonly firmware: Heard | null;
  /** What runs in the place of its firmware; null: nothing does. */
  readonly standIn: Heard | null;
}

type Time = Pick<Clock, 'now' | 'date'>;

export const NOTHING_TOLD: ToldBefore = { firmware: null, standIn: null };

export function withIdentity({ firmware }: ToldBefore, identity: DeviceIdentity, clock: Time): ToldBefore {
  const heard = { identity, at: clock.date(), monotonic: clock.now() };
  // What runs in its place is not what the update began with.
  const standIn = identity.standsIn === true ? heard : null;
  return { standIn, firmware: standIn === null || firmware === null ? heard : firmware };
}

/** Takes over what it told an earlier run. */
export function withRecalled(told: ToldBefore, { identity, at }: Before): ToldBefore {
  return { ...told, firmware: { identity, at, monotonic: null } };
}

/** Milliseconds since it was heard; 0: nothing was. */
export function elapsedMs(heard: Heard | null, clock: Time): number {
  if (heard === null) return 0;
  const { at, monotonic } = heard;
  return monotonic === null ? clock.date() - at : clock.now() - monotonic;
}
