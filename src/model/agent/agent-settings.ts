/** What a person chose for an agent. */

/**
 * What a server is told of a device that took its image and cannot prove which one it runs. Its protocol has no word
 * for that.
 */
export const ACCEPTED_COUNTS_AS = ['success', 'open', 'failure'] as const;
export type AcceptedCountsAs = (typeof ACCEPTED_COUNTS_AS)[number];

/**
 * What happens to an assignment that is not forced: the agent installs it, or waits until a person on the host's page
 * says so.
 */
export const SOFT = ['run', 'wait'] as const;
export type Soft = (typeof SOFT)[number];

/** A part of the day, in minutes since midnight. It spans midnight where `to` is less than `from`. */
export interface Hours {
  readonly from: number;
  readonly to: number;
}

export interface AgentPolicy {
  readonly acceptedCountsAs: AcceptedCountsAs;
  /** Whether it confirms by itself where the tenant wants a confirmation. */
  readonly confirms: boolean;
  readonly soft: Soft;
  /** When updates that are not forced may begin by themselves; null: at any time. */
  readonly softHours: Hours | null;
  /** How long an update is retried while its device is off or busy, in milliseconds. */
  readonly givesUpMs: number;
  /** How long the agent looks for a device that was not seen again after its restart, in milliseconds. */
  readonly unseenMs: number;
}

export const AGENT_POLICY: AgentPolicy = {
  acceptedCountsAs: 'success',
  confirms: false,
  // A site has a host, and mostly nobody in front of it: a rollout that waits for a person there waits for ever.
  soft: 'run',
  softHours: null,
  // A device that was off overnight, or over a day's power cut, still gets its update.
  givesUpMs: 24 * 3_600_000,
  // The engine has waited already (RESTART_PATIENCE_MS). A router that restarts with the house takes some minutes.
  unseenMs: 15 * 60_000,
};

/** Whether the minute of the day is in these hours. */
export function isWithin({ from, to }: Hours, minute: number): boolean {
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}
