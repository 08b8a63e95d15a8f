/** What is said where a rollout on the host is handed to another phone. */

export const FOLLOW_ROLLOUT = 'Follow this rollout on another phone';
/** For people who do not see the code. */
export const FOLLOW_ROLLOUT_CODE = 'Code that opens this rollout on another phone';

/** @param host of this page, with its port */
export function followRolloutText(host: string): string {
  return `The phone’s camera app opens this code at ${host}. The phone must be able to reach that address, and be paired with the host. Whoever has the code or the link can pause and cancel this rollout and each of its updates.`;
}
