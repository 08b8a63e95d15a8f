/** What the server knows of one device. */
import { isRecord } from '../answers.ts';
import type { DistributionSet } from './options.ts';
import { refusal } from './shapes.ts';

export interface Target {
  readonly controllerId: string;
  /** "TargetToken": only for this target. */
  readonly securityToken: string;
  attributes: Readonly<Record<string, string>>;
  wantsAttributes: boolean;
  /** When it polled, by the server's clock, in milliseconds. */
  readonly polledAt: number[];
  /** What it says that the device runs; null: nothing yet. */
  installed: Installed | null;
}

export interface Installed {
  readonly set: DistributionSet;
  /** The latest time that a controller gave, in milliseconds since 1970. */
  readonly at: number;
}

/**
 * Notes that the controller finished an action. Of two installations the one with the later time counts, whichever came
 * last; where feedback has no time, the server uses its own, which only grows.
 */
export function install(target: Target, set: DistributionSet, timestamp: number | null): void {
  const before = target.installed?.at ?? -Infinity;
  if (timestamp === null) target.installed = { set, at: before };
  else if (timestamp > before) target.installed = { set, at: timestamp };
}

const MOST_ATTRIBUTES = 100;

/** What the device tells of itself. */
export function putAttributes(target: Target, body: unknown): Response {
  if (!isRecord(body) || !isRecord(body['data'])) return refusal(400);
  const data = Object.fromEntries(Object.entries(body['data']).map(([key, value]) => [key, String(value)]));
  const attributes = body['mode'] === 'replace' ? data : { ...target.attributes, ...data };
  if (Object.keys(attributes).length > MOST_ATTRIBUTES)
    return refusal(403, 'hawkbit.server.error.quota.tooManyEntries');
  target.attributes = attributes;
  target.wantsAttributes = false;
  return new Response(null);
}
