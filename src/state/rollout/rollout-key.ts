/** Under which the one rollout's key lies among those of jobs; no device has it as its id. */
export const ROLLOUT_KEY = 'rollout';
