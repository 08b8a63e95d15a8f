/** What is under way on the page, in one summary of the updates, the rollout and the watched file. */
import type { WatchEvent } from '../firmware/watched-file.ts';
import type { OutcomeName } from '../update/update-state.ts';

/** The watched file, where there is more to say of it than that it is watched. */
export interface WatchNews {
  readonly name: string;
  readonly event: WatchEvent;
}

/** What a batch is about: one device by its name, several, or the rollout. */
export type ActivitySubject =
  { readonly kind: 'device'; readonly name: string } | { readonly kind: 'devices' } | { readonly kind: 'rollout' };

export type Activity =
  | { readonly kind: 'idle'; readonly watch: WatchNews | null }
  | {
      readonly kind: 'running';
      readonly subject: ActivitySubject;
      /** Devices that are done, of so many. */
      readonly done: number;
      readonly of: number;
      /** Of the whole, at most 99: bytes that have arrived are not yet firmware that runs. */
      readonly percent: number;
      /** Null where nothing can be said of it. */
      readonly secondsLeft: number | null;
      /** What one device is at, in words; null where several are. */
      readonly step: string | null;
      /** It needs the person, or waits for the network or for another try. */
      readonly isHeld: boolean;
      readonly watch: WatchNews | null;
    }
  | {
      readonly kind: 'ended';
      readonly subject: ActivitySubject;
      readonly of: number;
      readonly well: number;
      /** Those of them that show no proof. */
      readonly unproven: number;
      readonly failed: number;
      /** Of a rollout: devices of which no update was started. */
      readonly skipped: number;
      readonly notStarted: number;
      /** Of one device; null: several. */
      readonly outcome: OutcomeName | null;
      readonly standing: string;
      readonly watch: WatchNews | null;
    };
