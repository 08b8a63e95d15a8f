/** Whether there is a network at all, and when something about it changed. */
export interface Connectivity {
  online(): boolean;
  /** Resolves at the next sign that trying again is worth it: back online, or the page visible again. */
  changed(signal: AbortSignal): Promise<void>;
}
