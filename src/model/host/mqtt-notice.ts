/** What the host has to say of the MQTT broker to whoever runs it. No password is ever in it. */
import type { JobRefusal } from '../jobs/job-refusals.ts';

/**
 * Why the broker is of no use just now. `login`: it refuses the user or the password. `certificate`: its certificate is
 * not trusted. `refused`: it refuses for another reason. `lost`: the connection broke off.
 */
export type BrokerTrouble = 'unreachable' | 'login' | 'certificate' | 'refused' | 'lost';

/** Why an update that was asked for through the broker was not begun. `retained`: the broker repeats an old request. */
export type InstallRefusal =
  { readonly kind: 'retained' | 'no-such-device' | 'other-offer' | 'no-token' | 'not-yet' } | JobRefusal;

export type MqttNotice =
  | { readonly kind: 'connected'; readonly broker: string; readonly devices: number }
  /** `said`: what the system or the library said. */
  | { readonly kind: 'trouble'; readonly broker: string; readonly trouble: BrokerTrouble; readonly said: string }
  | { readonly kind: 'begun'; readonly device: string; readonly firmware: string }
  | { readonly kind: 'not-begun'; readonly device: string; readonly refusal: InstallRefusal };
