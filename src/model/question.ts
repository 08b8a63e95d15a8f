import type { Device } from './device.ts';
import type { SessionReport } from './ports.ts';

/** What only the person can decide. */
export type Question =
  | { readonly kind: 'overrule'; readonly device: Device; readonly firmware: string; readonly message: string }
  /** `devices`: how many would take it. */
  | {
      readonly kind: 'no-micropython';
      readonly firmware: string;
      readonly device: Device | null;
      readonly devices: number;
    }
  | { readonly kind: 'take-over'; readonly device: Device; readonly session: SessionReport }
  | { readonly kind: 'remove-device'; readonly device: Device }
  | { readonly kind: 'remove-firmware'; readonly name: string }
  | { readonly kind: 'clear-history' }
  | { readonly kind: 'forget-tokens' };
