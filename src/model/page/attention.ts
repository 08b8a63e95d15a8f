/** How the page reaches a person who does not look at it. `page/` implements it. */

/** `none`: nothing to tell. `dot`: something has ended. A number: so many need the person. */
export type Badge = 'none' | 'dot' | number;

/** Nothing here rejects or throws: what a browser cannot do is left out. */
export interface Attention {
  /** Puts a text on the tab in place of the name of the open view; null: that name again. */
  showTitle(text: string | null): void;
  /** Marks the icon of the installed app. */
  showBadge(badge: Badge): void;
  /** Lets a phone vibrate briefly; twice where it did not go well. */
  vibrate(isWell: boolean): void;
  /** Whether the page is in front of the person now. */
  isLookedAt(): boolean;
  /**
   * Calls back once, at the next sign of a person at this page.
   *
   * @returns how to stop waiting for it
   */
  onNextSign(seen: () => void): () => void;
}

export interface NotificationWords {
  readonly title: string;
  readonly body: string;
}

/** The system's notifications. None of it rejects. */
export interface Notifier {
  /** `unavailable`: not in this browser, or not on this page. */
  readonly permission: 'unavailable' | 'not-asked' | 'granted' | 'denied';
  /** Lets the browser ask the person; only from a tap. Answers whether it was allowed. */
  ask(): Promise<boolean>;
  show(words: NotificationWords): Promise<void>;
  /** Says whether it was offered before, and from now on that it was. */
  offeredBefore(): boolean;
}
