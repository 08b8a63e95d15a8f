/** What is said while the host runs an update or a rollout. */

export const HOST_RUNS = 'The host is doing this. You can close the page.';
/** It may run on all the same. */
export const HOST_AWAY = 'The host doesn’t answer just now. This page keeps asking.';
