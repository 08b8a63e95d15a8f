/**
 * How long a device is looked for after its restart, in milliseconds, unless its settings or `--patience` say otherwise:
 * devices were seen to take 2 to 30 s, and one that is in trouble starts more than once.
 */
export const RESTART_PATIENCE_MS = 120_000;

/** The longest that can be set, in milliseconds: a device that is not back after an hour is not restarting. */
export const LONGEST_PATIENCE_MS = 3_600_000;
