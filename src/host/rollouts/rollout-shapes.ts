/** Reads what pages send about rollouts: strict, and bounded in every length. */
import * as v from 'valibot';
import { MOST_ROLLOUT_DEVICES } from '../../model/jobs/host-rollout.ts';
import type { CreateRollout, RolloutOrder } from '../../model/jobs/rollout-requests.ts';
import { MOST_AT_ONCE } from '../../model/rollout/rollout-state.ts';
import { device, firmware, id, key, read, secrets, type ReadShape } from '../jobs/job-shapes.ts';

/** Bytes of a request: each device with the longest token takes less than 2 KiB of it. */
export const ROLLOUT_BYTES = 2 * 1024 * MOST_ROLLOUT_DEVICES;

const count = (least: number, most: number) => v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));

export const options = v.strictObject({
  firstWave: count(0, MOST_ROLLOUT_DEVICES),
  width: v.nullable(count(1, MOST_AT_ONCE)),
  stopAt: v.strictObject({
    failures: v.nullable(count(1, MOST_ROLLOUT_DEVICES)),
    share: v.nullable(v.pipe(v.number(), v.gtValue(0), v.maxValue(1))),
  }),
});

/** Twice as many as one may have: what is a little too much is refused by its name. */
const MOST_READ = 2 * MOST_ROLLOUT_DEVICES;

const CREATE = v.strictObject({
  id,
  key,
  firmware,
  devices: v.pipe(
    v.array(v.strictObject({ job: id, device, secrets: v.nullable(secrets) })),
    v.minLength(1),
    v.maxLength(MOST_READ),
    v.check((devices) => new Set(devices.map(({ job }) => job)).size === devices.length),
  ),
  options,
  restart: v.boolean(),
  withoutMicroPython: v.boolean(),
  unattended: v.boolean(),
  goOnByItself: v.boolean(),
  keepSecrets: v.boolean(),
});

const brought = v.pipe(v.array(v.strictObject({ job: id, secrets })), v.maxLength(MOST_READ));

const ORDER = v.variant('kind', [
  v.strictObject({ kind: v.literal('pause') }),
  v.strictObject({ kind: v.literal('resume') }),
  v.strictObject({ kind: v.literal('finish') }),
  v.strictObject({ kind: v.literal('cancel') }),
  v.strictObject({ kind: v.literal('answer'), answer: v.picklist(['go-on', 'stop']) }),
  v.strictObject({ kind: v.literal('agree'), yes: v.boolean() }),
  v.strictObject({ kind: v.literal('go-on'), secrets: brought }),
  v.strictObject({ kind: v.literal('again'), which: v.picklist(['failed', 'rest']), secrets: brought }),
  v.strictObject({ kind: v.literal('forget') }),
]);

export function readCreateRollout(body: unknown): ReadShape<CreateRollout> {
  return read(CREATE, body);
}

export function readRolloutOrder(body: unknown): ReadShape<RolloutOrder> {
  return read(ORDER, body);
}
