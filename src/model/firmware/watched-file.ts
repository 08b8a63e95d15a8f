/** What is known of the file that is watched. */
export type WatchEvent =
  | { readonly kind: 'waiting' }
  /** Something writes to it. */
  | { readonly kind: 'settling' }
  /** It is not there: builds remove it first. */
  | { readonly kind: 'missing' }
  /** `told`: what is said of it; null where another file was chosen while it was read. */
  | { readonly kind: 'refused'; readonly told: string | null }
  | { readonly kind: 'ready'; readonly version: string | null; readonly at: number }
  /** It waits for an update or a rollout to end. */
  | { readonly kind: 'held' }
  | { readonly kind: 'sent'; readonly device: string; readonly version: string | null; readonly at: number };

/** The one file that is watched, as it is shown. */
export type WatchView =
  | { readonly kind: 'off' }
  | {
      readonly kind: 'on';
      readonly name: string;
      /** The device that new builds go to; null: they are only shown. */
      readonly sendTo: string | null;
      readonly event: WatchEvent;
    };
