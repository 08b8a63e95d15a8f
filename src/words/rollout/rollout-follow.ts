/** What is said where a rollout on the host is handed to another phone. */

export const FOLLOW_ROLLOUT = 'Follow this rollout on another phone';
/** For who does not see the code. */
export const FOLLOW_ROLLOUT_CODE = 'Code that opens this rollout on another phone';

/** @param host of this page, with its port */
export function followRolloutText(host: string): string {
  return `Its camera app opens this code at ${host}, so that must be an address that it can open, and the phone has to be paired with the host. Whoever has the code or the link can pause and cancel this rollout and each of its updates.`;
}
