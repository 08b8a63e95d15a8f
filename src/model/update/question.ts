import type { Device } from '../device/device.ts';
import type { Found } from '../firmware/finding.ts';
import type { SessionReport } from '../device/link.ts';

/** What may speak against a rollout. `names`: the devices of it that it is about. */
export type RolloutDoubt =
  /**
   * The devices would no longer run ViperHTTP. `product`: what the file says it is; null: it shows no sign of
   * MicroPython.
   */
  | { readonly kind: 'no-micropython'; readonly names: readonly string[]; readonly product: string | null }
  /** For these devices it may be the only update over the air. */
  | { readonly kind: 'only-update'; readonly names: readonly string[] };

/** What only the person can decide. */
export type Question =
  | { readonly kind: 'overrule'; readonly device: Device; readonly firmware: string; readonly finding: Found }
  /** The file was dropped on the device. */
  | { readonly kind: 'send-dropped'; readonly firmware: string; readonly device: Device }
  /** For all devices of a rollout at once. */
  | { readonly kind: 'rollout'; readonly firmware: string; readonly devices: number; readonly doubt: RolloutDoubt }
  /** A link led to an update that the host runs. `address`: as it would be typed. `isSaved`: the device is known here. */
  | { readonly kind: 'follow-update'; readonly name: string; readonly address: string; readonly isSaved: boolean }
  /** The same for a rollout. `fresh`: how many of its devices are not known here. */
  | { readonly kind: 'follow-rollout'; readonly firmware: string; readonly devices: number; readonly fresh: number }
  | { readonly kind: 'take-over'; readonly device: Device; readonly session: SessionReport }
  | { readonly kind: 'remove-device'; readonly device: Device }
  | { readonly kind: 'remove-firmware'; readonly name: string }
  | { readonly kind: 'clear-history' }
  /** A token that was just made, and is nowhere but in the open dialog. */
  | { readonly kind: 'discard-token' }
  | { readonly kind: 'forget-tokens' };
