/** What the server knows of one device. */
import { isRecord } from '../answers.ts';
import { refusal } from './shapes.ts';

export interface Target {
  readonly controllerId: string;
  /** "TargetToken": for this one alone. */
  readonly securityToken: string;
  attributes: Readonly<Record<string, string>>;
  wantsAttributes: boolean;
  /** When it polled, by the server's clock, in milliseconds. */
  readonly polledAt: number[];
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
