/** What the rollout server is told of a device: short texts, as its pages show them. */
import type { Sight } from '../../../agent/decision.ts';
import type { TargetNote } from '../../../agent/note.ts';
import { isProven } from '../../../model/firmware/proven.ts';
import { ATTRIBUTES } from '../../../words/agent/notices.ts';
import { chipName } from '../../../words/firmware/chip-name.ts';

/** hawkBit's column for one value. */
const MOST_CHARACTERS = 128;

export function attributesOf(
  device: { readonly name: string; readonly chipId: number | null },
  { runs, chipId, lastSeen }: Pick<TargetNote, 'runs' | 'chipId' | 'lastSeen'>,
  sight: Sight | null,
  agentVersion: string,
): Readonly<Record<string, string>> {
  const { status = null, identity = null, dialect = null } = sight ?? {};
  const chip = identity?.chipId ?? device.chipId ?? chipId;
  const isRunning = runs !== null && (status !== null || identity !== null) && isProven(runs, { status, identity });
  const known: Readonly<Record<keyof typeof ATTRIBUTES, string | null>> = {
    name: device.name,
    protocol: dialect,
    chip: identity?.chip ?? (chip === null ? null : chipName(chip)),
    version: identity?.version ?? (isRunning ? runs.version : null),
    slot: status?.running?.label ?? null,
    lastSeen: lastSeen === null ? null : new Date(lastSeen).toISOString(),
    agent: agentVersion,
  };
  const told = Object.entries(known).flatMap(([key, value]) =>
    value === null || value === ''
      ? []
      : [[ATTRIBUTES[key as keyof typeof ATTRIBUTES], value.slice(0, MOST_CHARACTERS)]],
  );
  return Object.fromEntries(told) as Record<string, string>;
}
