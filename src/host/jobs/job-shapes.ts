/** Reads what pages send about jobs: strict, and bounded in every length. */
import * as v from 'valibot';
import { DIALECTS, PROTOCOLS } from '../../model/device/dialect.ts';
import { wrongInLogin } from '../../model/device/secrets/login.ts';
import { hasHiddenCharacters, isBlank } from '../../model/device/plain-names.ts';
import { isTokenHeader } from '../../model/device/secrets/token-header.ts';
import type { ReasonCode } from '../../model/firmware/finding.ts';
import { LONGEST_PATIENCE_MS } from '../../model/update/restart-patience.ts';
import type { CreateJob, FollowJobs, IdentifyDevice, JobOrder } from '../../model/jobs/job-requests.ts';
import { THE_REQUEST } from '../../words/host/jobs.ts';

/** Names longer than this are no names. */
const NAME_LENGTH = 200;
/** A whole request to a device, headers included, is 4,096 bytes. */
const TOKEN_LENGTH = 1_024;
/** A chip id is two bytes of the image header. */
const HIGHEST_CHIP = 0xffff;
/** There are fewer reasons than this. */
const MOST_REASONS = 64;
/** On one stream; a rollout of a household, many times. */
export const MOST_FOLLOWED = 256;

export const name = v.pipe(
  v.string(),
  v.maxLength(NAME_LENGTH),
  // A line of a terminal or a card could be forged with invisible characters.
  v.check((text) => !hasHiddenCharacters(text) && !isBlank(text)),
);
export const SHA256 = /^[0-9a-f]{64}$/;
export const JOB_ID = /^[0-9a-f]{32}$/;
/** 128 bits: the last character holds two of them. */
const JOB_KEY = /^[A-Za-z0-9_-]{21}[AQgw]$/;
export const id = v.pipe(v.string(), v.regex(JOB_ID));
export const key = v.pipe(v.string(), v.regex(JOB_KEY));
/** The inspector's own list is the model's; what is none of it overrules nothing. */
const reason = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9-]{1,40}$/),
  v.transform((text) => text as ReasonCode),
);
const session = v.pipe(v.string(), v.minLength(1), v.maxLength(NAME_LENGTH));

export const secrets = v.strictObject({
  token: v.nullable(v.pipe(v.string(), v.maxLength(TOKEN_LENGTH))),
  login: v.nullable(
    v.pipe(
      v.strictObject({ user: v.string(), password: v.string() }),
      v.check((login) => wrongInLogin(login) === null),
    ),
  ),
});

export const device = v.pipe(
  v.strictObject({
    name,
    origin: v.pipe(v.string(), v.maxLength(NAME_LENGTH + NAME_LENGTH), v.check(isOrigin)),
    prefix: v.pipe(v.string(), v.maxLength(NAME_LENGTH + NAME_LENGTH), v.regex(/^(\/[^/?#\s]+)+$/)),
    protocol: v.picklist(PROTOCOLS),
    dialect: v.nullable(v.picklist(DIALECTS)),
    tokenHeader: v.pipe(v.string(), v.maxLength(NAME_LENGTH), v.check(isTokenHeader)),
    chipId: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(HIGHEST_CHIP))),
    patienceMs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(LONGEST_PATIENCE_MS))),
  }),
  // A field that is absent is not one that is undefined.
  v.transform(({ patienceMs, ...rest }) => (patienceMs === undefined ? rest : { ...rest, patienceMs })),
);

const plan = v.strictObject({
  restart: v.boolean(),
  overruled: v.pipe(v.array(reason), v.maxLength(MOST_REASONS)),
  takeOver: v.nullable(session),
  beginAgain: v.boolean(),
  restartFirst: v.exactOptional(v.boolean()),
});

export const firmware = v.strictObject({ sha256: v.pipe(v.string(), v.regex(SHA256)), name });

const CREATE = v.strictObject({
  id,
  key,
  device,
  secrets,
  firmware,
  plan,
  goOnByItself: v.boolean(),
  keepSecrets: v.boolean(),
});

const ORDER = v.variant('kind', [
  v.strictObject({ kind: v.literal('pause') }),
  v.strictObject({ kind: v.literal('resume') }),
  v.strictObject({ kind: v.literal('cancel') }),
  v.strictObject({
    ...{ kind: v.literal('go-on'), secrets: v.nullable(secrets) },
    ...{ beginAgain: v.boolean(), restartFirst: v.exactOptional(v.boolean()) },
  }),
  v.strictObject({ kind: v.literal('take-over'), secrets: v.nullable(secrets), session }),
  v.strictObject({ kind: v.literal('overrule'), secrets: v.nullable(secrets), reason }),
  v.strictObject({ kind: v.literal('forget') }),
]);

const IDENTIFY = v.strictObject({ device, secrets });

const followed = v.pipe(
  v.array(v.strictObject({ id, key, after: v.nullable(v.pipe(v.string(), v.maxLength(NAME_LENGTH))) })),
  v.maxLength(MOST_FOLLOWED),
);

const FOLLOW = v.pipe(
  v.strictObject({ jobs: followed, rollouts: v.optional(followed, []) }),
  v.check(({ jobs, rollouts }) => {
    const many = jobs.length + rollouts.length;
    return many > 0 && many <= MOST_FOLLOWED;
  }),
);

export type ReadShape<T> =
  { readonly kind: 'read'; readonly value: T } | { readonly kind: 'wrong'; readonly what: string };

export function readCreate(body: unknown): ReadShape<CreateJob> {
  return read(CREATE, body);
}

export function readIdentify(body: unknown): ReadShape<IdentifyDevice> {
  return read(IDENTIFY, body);
}

export function readOrder(body: unknown): ReadShape<JobOrder> {
  return read(ORDER, body);
}

export function readFollow(body: unknown): ReadShape<FollowJobs> {
  return read(FOLLOW, body);
}

const PARTS = v.object({ device, plan });

/** Device and plan as a record has them. Throws `ValiError` for anything else. */
export function readJobParts(kept: unknown): Pick<CreateJob, 'device' | 'plan'> {
  return v.parse(PARTS, kept);
}

/** Whether a text can be a job's key at all. */
export function isJobKey(text: unknown): text is string {
  return typeof text === 'string' && JOB_KEY.test(text);
}

/** The value is never part of the answer: it may hold a token. */
export function read<T>(schema: v.GenericSchema<unknown, T>, body: unknown): ReadShape<T> {
  const parsed = v.safeParse(schema, body);
  if (parsed.success) return { kind: 'read', value: parsed.output };
  return { kind: 'wrong', what: v.getDotPath(parsed.issues[0]) ?? THE_REQUEST };
}

/** "http://192.168.1.50:8080", exactly as `URL` writes it. */
function isOrigin(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
