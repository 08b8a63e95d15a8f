/**
 * How a look at a device came to nothing, as a rollout that skips it counts it. `off`: no answer. `busy`: another client
 * is updating it. `refused`: it answers, but not to us.
 */
export type FailedLook = 'off' | 'busy' | 'refused';
