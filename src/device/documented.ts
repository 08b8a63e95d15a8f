import type { DeviceLink, DeviceStatus, RequestOptions, SessionReport, WriteAnswer } from '../update/ports.ts';
import { UpdateError, type UpdateErrorCode } from '../update/update-error.ts';
import {
  byteCount,
  identifier,
  objectIn,
  saysHashMismatch,
  saysNo,
  saysNoSession,
  saysWrongSize,
  wordsOf,
  type Answer,
} from './answer.ts';
import { send, type DeviceRequest, type World } from './request.ts';
import type { DeviceTarget } from './target.ts';

/** What a device may say where it has no session, or counts other bytes. */
const REFUSALS: ReadonlySet<UpdateErrorCode> = new Set(['conflict', 'bad-request', 'no-route']);

/**
 * Speaks as the published documentation says. It fixes no shape of the answers, so what a device tells is taken where
 * it is there and never needed.
 */
export class DocumentedLink implements DeviceLink {
  readonly dialect = 'documented';
  readonly certain: boolean;
  readonly tellsStatus: boolean;
  readonly #target: DeviceTarget;
  readonly #world: World;

  constructor(target: DeviceTarget, world: World, tellsStatus: boolean, certain = true) {
    this.#target = target;
    this.#world = world;
    this.tellsStatus = tellsStatus;
    this.certain = certain;
  }

  async status(options: RequestOptions): Promise<DeviceStatus> {
    const answer = await this.#send({ kind: 'status', method: 'GET', route: '/status' }, options);
    // It was seen to tell: an answer that is empty, or half of one, is not a device without a session.
    if (objectIn(answer.json) === null) throw new UpdateError('garbled', { status: answer.status });
    const session = readLooseSession(answer);
    return { supported: null, session, running: null, boot: null, next: null, lastTaken: null };
  }

  async begin(request: { size: number }, options: RequestOptions): Promise<{ session: SessionReport }> {
    const body = JSON.stringify({ size: request.size });
    const answer = await this.#send({ kind: 'begin', method: 'POST', route: '/begin', body }, options);
    return { session: sessionReport(readLoose(answer).sessionId, null, null) };
  }

  async write(chunk: Uint8Array<ArrayBuffer>, offset: number, options: RequestOptions): Promise<WriteAnswer> {
    const answer = await this.#counted({ kind: 'write', method: 'POST', route: '/write', body: chunk }, options);
    const { sessionId, written } = readLoose(answer);
    // Some write `written` for the bytes of this request, as a file's `write` does: after the first chunk that says
    // nothing of the whole, and taking it for the whole would send bytes twice.
    const ofThisChunk = offset > 0 && written === chunk.length;
    return { writtenBytes: ofThisChunk ? null : written, sessionId };
  }

  async finalize(request: { sha256: string }, options: RequestOptions): Promise<void> {
    const body = JSON.stringify({ sha256: request.sha256 });
    await this.#counted({ kind: 'finalize', method: 'POST', route: '/finalize', body }, options);
  }

  /** No such route is documented: the session ends by the device's own time limit. A device with a status is asked. */
  async abort(options: RequestOptions): Promise<{ idle: boolean | null }> {
    if (!this.tellsStatus) return { idle: null };
    return { idle: (await this.status(options)).session === null };
  }

  /** No such route is documented, so nothing is sent, and nobody shall think that it was marked. */
  markValid(): Promise<void> {
    return Promise.reject(new UpdateError('unsupported'));
  }

  /**
   * What is refused over the number of bytes that the device has is not what was sent: a browser sends a POST again by
   * itself, and without an offset the chunk is taken twice. What is refused for want of a session, with whatever
   * status, was dropped in a restart or ran out.
   */
  async #counted(request: Omit<DeviceRequest, 'credentials'>, options: RequestOptions): Promise<Answer> {
    try {
      return await this.#send(request, options);
    } catch (error) {
      if (!(error instanceof UpdateError) || !REFUSALS.has(error.code)) throw error;
      const said = error.said ?? '';
      // Of a device that can be asked the status tells more.
      if (saysNoSession(said))
        throw error.as(this.tellsStatus || request.kind === 'finalize' ? 'conflict' : 'session-lost');
      if (this.tellsStatus || !saysWrongSize(said)) throw error;
      throw error.as('session-spoilt');
    }
  }

  async #send(request: Omit<DeviceRequest, 'credentials'>, options: RequestOptions): Promise<Answer> {
    const answer = await send(this.#target, { ...request, credentials: 'bearer' }, options, this.#world);
    const said = wordsOf(answer, this.#target.token);
    const details = { status: answer.status, ...(said === null ? {} : { said }) };
    // With answers of any shape, a router's or another server's page would pass for a device that took it all.
    if (answer.html || answer.truncated) throw new UpdateError('garbled', details);
    // A status tells of errors that are over.
    if (request.kind !== 'status' && saysNo(answer)) {
      const hash = request.kind === 'finalize' && saysHashMismatch(answer.text);
      throw new UpdateError(hash ? 'hash-mismatch' : 'device-fault', details);
    }
    return answer;
  }
}

/**
 * Whether a status answer shows that the device can be asked where it is: it counts bytes, or it says that no session
 * is open, when there is nothing to count.
 */
export function countsBytes(answer: Answer): boolean {
  const top = objectIn(answer.json);
  if (answer.html || top === null) return false;
  return readLoose(answer).written !== null || saysIdle(top);
}

function saysIdle(top: Readonly<Record<string, unknown>>): boolean {
  return top['active'] === false || top['session'] === null || top['session_id'] === null;
}

interface Loose {
  readonly sessionId: string | null;
  readonly written: number | null;
  /** Bytes of the whole image, as begin was told. */
  readonly size: number | null;
}

/** Session, byte counter and size under any of the names seen in the field. `seq` counts requests, not bytes: it is left. */
function readLoose(answer: Answer): Loose {
  const top = objectIn(answer.json);
  if (top === null) return { sessionId: null, written: null, size: null };
  const nested = objectIn(top['session']);
  const count = (...names: readonly string[]): number | null => {
    const told = [top, nested ?? {}].flatMap((place) => names.map((name) => byteCount(place[name])));
    return told.find((bytes) => bytes !== null) ?? null;
  };
  return {
    sessionId:
      identifier(top['session_id']) ??
      identifier(top['session']) ??
      identifier(nested?.['id']) ??
      identifier(top['id']),
    written: count('written_bytes', 'bytes_written', 'written'),
    size: count('expected_size', 'size'),
  };
}

/** The session in a status answer; null where the device says, or shows by naming none, that none is open. */
function readLooseSession(answer: Answer): SessionReport | null {
  const top = objectIn(answer.json);
  if (top === null || saysIdle(top)) return null;
  const { sessionId, written, size } = readLoose(answer);
  const open = sessionId !== null || written !== null || top['active'] === true;
  return open ? sessionReport(sessionId, written, size) : null;
}

function sessionReport(id: string | null, writtenBytes: number | null, expectedSize: number | null): SessionReport {
  return {
    id,
    writtenBytes,
    expectedSize,
    expectedSha256: null,
    slot: null,
    capacityBytes: null,
    blockSize: null,
  };
}
