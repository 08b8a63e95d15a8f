/**
 * What the published ViperHTTP stack answered, byte by byte: from the recordings beside the project, where they are
 * there, and from the copy of their facts in `wire.json`.
 *
 * The copy is the recordings in short: values in its table are referred to by name (`"@name"`, and `"$": "name"` in an
 * object that adds to them), and the answers without CORS and with OTA off are given by their differences.
 */
import { readFileSync } from 'node:fs';

export const RECORDINGS = new URL('../../../shared/wire/', import.meta.url);

/** Text, or a run of one byte. */
type Part = string | { readonly byte: number; readonly times: number };

export interface Said {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string;
  /** Whether the device ended the connection, or said that it would. */
  readonly closes: boolean;
}

export interface RecordedRequest {
  readonly name: string;
  /** Latin-1; `PORT` stands for the port. */
  readonly parts: readonly Part[];
  readonly said: Said;
}

export interface RecordedStep {
  readonly name: string;
  /** Method and target. */
  readonly request: string;
  /** Fields of a JSON body. */
  readonly fields: unknown;
  /** Null: no answer at all. */
  readonly status: number | null;
  readonly json: unknown;
}

/** CORS for one origin, none, and CORS with OTA off. */
export const SET_UPS = ['cors', 'no-cors', 'ota-off'] as const;
export const UPDATES = ['two-slots', 'published-board-first', 'published-board-second'] as const;

export interface WireFacts {
  readonly requests: Readonly<Record<(typeof SET_UPS)[number], readonly RecordedRequest[]>>;
  readonly updates: Readonly<Record<(typeof UPDATES)[number], readonly RecordedStep[]>>;
}

/** Null where the folder is not there. */
export function recordedFacts(): WireFacts | null {
  try {
    const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`${name}.json`, RECORDINGS), 'utf8'));
    return {
      requests: each(SET_UPS, (name) => (read(`requests-${name}`) as readonly RawRequest[]).map(fromRaw)),
      updates: each(UPDATES, (name) => (read(`update-${name}`) as readonly RawStep[]).map(stepFromRaw)),
    };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

interface RawRequest {
  readonly case: string;
  readonly request: Part | readonly Part[];
  readonly answer: Omit<Said, 'closes'>;
  readonly closes: boolean;
}

interface RawStep {
  readonly step: string;
  readonly request: string;
  readonly body: string | null;
  readonly status: number | null;
  readonly answer: unknown;
}

function fromRaw({ case: name, request, answer, closes }: RawRequest): RecordedRequest {
  return { name, parts: [request].flat(), said: withoutTime({ ...answer, closes }) };
}

function stepFromRaw({ step, request, body, status, answer }: RawStep): RecordedStep {
  // An HTML page is compared by its title; its markup is no fact about the protocol.
  const json = typeof answer === 'string' ? (/<title>(.*?)<\/title>/.exec(answer)?.[1] ?? answer) : answer;
  const fields: unknown = body?.startsWith('{') === true ? JSON.parse(body) : null;
  return { name: step, request, fields, status, json: status === null ? null : timeless(json) };
}

/** Elapsed milliseconds differ from run to run, and their digits change the length of the answer. */
export function withoutTime(said: Said): Said {
  if (said.json === undefined || !hasTime(said.json)) return said;
  const digits = String(said.json.session.elapsed_ms).length;
  const length = Number(said.headers['content-length']) - digits + '0'.length;
  return { ...said, headers: { ...said.headers, 'content-length': String(length) }, json: timeless(said.json) };
}

function hasTime(json: unknown): json is { readonly session: { readonly elapsed_ms: number } } {
  const { session } = (json ?? {}) as { readonly session?: { readonly elapsed_ms?: unknown } | null };
  return typeof session?.elapsed_ms === 'number' && session.elapsed_ms >= 0;
}

export function timeless(json: unknown): unknown {
  return hasTime(json) ? { ...json, session: { ...json.session, elapsed_ms: 0 } } : json;
}

interface Copy {
  readonly lines: Readonly<Record<string, string>>;
  readonly table: Readonly<Record<string, unknown>>;
  readonly requests: readonly {
    readonly case: string;
    readonly request: Part | readonly Part[];
    readonly cors: CopiedAnswer;
    readonly plain: 'bare' | 'nothing';
    readonly off: 'same' | 'nothing' | CopiedAnswer;
  }[];
  readonly updates: Readonly<Record<(typeof UPDATES)[number], readonly CopiedStep[]>>;
}

interface CopiedAnswer {
  readonly status: number;
  readonly closes?: boolean;
  readonly cors?: boolean;
  readonly preflight?: boolean;
  /** Of a JSON body. */
  readonly length?: number;
  readonly json?: unknown;
  readonly text?: string;
}

interface CopiedStep {
  readonly step: string;
  readonly request: string;
  readonly status: number | null;
  readonly body?: unknown;
  readonly json?: unknown;
  readonly title?: string;
}

export function copiedFacts(): WireFacts {
  const { lines, table, requests, updates } = JSON.parse(
    readFileSync(new URL('wire.json', import.meta.url), 'utf8'),
  ) as Copy;

  const whole = (value: unknown): unknown => {
    if (typeof value === 'string' && value.startsWith('@')) return whole(table[value.slice(1)]);
    if (Array.isArray(value)) return value.map(whole);
    if (typeof value !== 'object' || value === null) return value;
    const { $: base, ...own } = value as { readonly $?: string };
    const fields = Object.fromEntries(Object.entries(own).map(([key, field]) => [key, whole(field)]));
    return base === undefined ? fields : { ...(whole(`@${base}`) as object), ...fields };
  };

  const said = ({ status, closes = false, cors, preflight, length, json, text = '' }: CopiedAnswer): Said => {
    const isText = json === undefined;
    const size = isText ? text.length : (length ?? 0);
    return {
      status,
      closes,
      headers: {
        'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json',
        'content-length': String(size),
        connection: closes ? 'close' : 'keep-alive',
        ...(cors && CORS_HEADERS),
        ...(preflight && PREFLIGHT_HEADERS),
      },
      ...(isText ? { text } : { json: whole(json) }),
    };
  };

  const parts = (request: Part | readonly Part[]): readonly Part[] =>
    [request].flat().map((part) => {
      if (typeof part !== 'string') return part;
      return part
        .split('\n')
        .map((line) => lines[line] ?? line)
        .join('\r\n');
    });

  const answerOf = (name: (typeof SET_UPS)[number], { cors, plain, off }: Copy['requests'][number]): Said => {
    const nothing: CopiedAnswer = { status: 200 };
    switch (name) {
      case 'cors':
        return said(cors);
      case 'no-cors':
        return said(plain === 'bare' ? { ...cors, cors: false, preflight: false } : nothing);
      case 'ota-off':
        if (off === 'same') return said(cors);
        return said(off === 'nothing' ? { ...nothing, cors: cors.cors === true } : off);
    }
  };

  return {
    requests: each(SET_UPS, (name) =>
      requests.map((one) => ({ name: one.case, parts: parts(one.request), said: answerOf(name, one) })),
    ),
    updates: each(UPDATES, (name) =>
      updates[name].map(({ step, request, status, body = null, json = null, title }) => ({
        name: step,
        request,
        fields: body,
        status,
        json: title ?? whole(json),
      })),
    ),
  };
}

const CORS_HEADERS = { 'access-control-allow-origin': 'http://localhost:18190', vary: 'Origin' };
const PREFLIGHT_HEADERS = {
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers': 'Authorization, Content-Type, X-OTA-Token',
  'access-control-max-age': '600',
};

function each<K extends string, V>(keys: readonly K[], make: (key: K) => V): Record<K, V> {
  return Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<K, V>;
}
