import type { Route } from '../../model/device/device.ts';
import type {
  DeviceLink,
  DeviceStatus,
  FinalizeAnswer,
  RequestOptions,
  SessionReport,
  WriteAnswer,
} from '../../model/device/link.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import { saysSomething, type Control } from './control.ts';
import { identifier, objectIn, wholeNumber, wordsOf, type Answer, type RequestKind } from '../answer.ts';
import { saysHashMismatch, saysNo, saysNoSession, saysOfHash, saysWrongSize } from '../refusing-words.ts';
import type { DeviceRequest } from '../device-request.ts';
import { send, type RequestDeps } from '../request.ts';
import { routeOf, secretsOf, type DeviceTarget } from '../target.ts';
import { TRAITS } from '../../model/device/dialect.ts';
import { factsOf } from '../../model/update/error-codes.ts';
import { STATUS_ROUTE } from '../../model/device/status-route.ts';

/** As in the documentation's own example. */
const FIRST_CHUNK = 4096;

/** 202 Accepted: the work is not done yet. */
const ACCEPTED_FOR_LATER = 202;

/**
 * Speaks as the published documentation says. That does not fix the shape of the answers, so what a device tells is
 * used where it is there, and never required.
 */
export class DocumentedLink implements DeviceLink {
  readonly dialect = 'documented';
  readonly traits = TRAITS.documented;
  readonly certain: boolean;
  readonly tellsStatus: boolean;
  readonly firstChunkBytes = FIRST_CHUNK;
  readonly route: Route;
  readonly #target: DeviceTarget;
  readonly #deps: RequestDeps;
  readonly #control: Control | null;

  /** @param seen what detection saw; `control`: the answer to a POST to a path that cannot exist, null where it was refused */
  constructor(
    target: DeviceTarget,
    deps: RequestDeps,
    seen: { readonly tellsStatus: boolean; readonly certain: boolean; readonly control: Control | null },
  ) {
    this.route = routeOf(target);
    this.#target = target;
    this.#deps = deps;
    this.tellsStatus = seen.tellsStatus;
    this.certain = seen.certain;
    this.#control = seen.control;
  }

  async status(options: RequestOptions): Promise<DeviceStatus> {
    const answer = await this.#send({ kind: 'status', method: 'GET', route: STATUS_ROUTE }, options);
    const session = readLooseSession(answer);
    // This device was seen to tell of its session: an answer that does not is not one of a device without a session.
    if (session === undefined) throw new UpdateError('garbled', { status: answer.status });
    return { supported: null, session, running: null, boot: null, next: null, lastTaken: null };
  }

  async begin(request: { size: number }, options: RequestOptions): Promise<{ session: SessionReport }> {
    const body = JSON.stringify({ size: request.size });
    const answer = await this.#send({ kind: 'begin', method: 'POST', route: '/begin', body }, options);
    // Only a session id is certainly the device's own, where everything else may be what was sent.
    if (this.#echoes(answer, body) && readLoose(answer).sessionId === null) this.#saidNothing('begin', answer);
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

  async finalize(request: { sha256: string }, options: RequestOptions): Promise<FinalizeAnswer> {
    const body = JSON.stringify({ sha256: request.sha256 });
    const answer = await this.#counted({ kind: 'finalize', method: 'POST', route: '/finalize', body }, options);
    const { status } = answer;
    const hash = saysOfHash(answer, request.sha256);
    // It has begun to check (RFC 9110, 15.3.3), and no further answer will tell the result.
    if (status === ACCEPTED_FOR_LATER && hash !== 'wrong') throw new UpdateError('unconfirmed', this.#details(answer));
    switch (hash) {
      case 'wrong':
        throw new UpdateError('hash-mismatch', this.#details(answer));
      case 'right':
        // A server that sends back what it is sent names the hash, too.
        return { names: this.#echoes(answer, body) ? 'yes' : 'image' };
      case 'nothing':
        return { names: 'yes' };
    }
  }

  /**
   * No such route is documented: the session ends by the device's own time limit. Where the device has a status, that
   * tells whether it has ended.
   */
  async abort(options: RequestOptions): Promise<{ idle: boolean | null }> {
    if (!this.tellsStatus) return { idle: null };
    return { idle: (await this.status(options)).session === null };
  }

  /** No such route is documented, so nothing is sent, and it rejects, so that the image does not pass for marked. */
  markValid(): Promise<void> {
    return Promise.reject(new UpdateError('unsupported'));
  }

  /**
   * Where a device refuses over its number of bytes, it does not have what was sent: a browser may repeat a POST by
   * itself, and without an offset the chunk is taken twice. Where it refuses for lack of a session, with whatever
   * status, the session was lost in a restart or timed out.
   */
  async #counted(request: Omit<DeviceRequest, 'credentials'>, options: RequestOptions): Promise<Answer> {
    try {
      return await this.#send(request, options);
    } catch (error) {
      if (!(error instanceof UpdateError) || !factsOf(error.code).session.maybeNone) throw error;
      const said = error.said ?? '';
      // Where the device can be asked, its status tells more.
      if (saysNoSession(said)) throw error.as(this.tellsStatus ? 'conflict' : 'session-lost');
      if (this.tellsStatus || !saysWrongSize(said)) throw error;
      throw error.as('session-spoilt');
    }
  }

  async #send(request: Omit<DeviceRequest, 'credentials'>, options: RequestOptions): Promise<Answer> {
    const answer = await send(this.#target, { ...request, credentials: 'bearer' }, options, this.#deps);
    if (answer.truncated) throw new UpdateError('garbled', this.#details(answer));
    // A status may tell of errors in the past.
    if (request.kind === 'status') return answer;
    if (saysNo(answer)) {
      const hash = request.kind === 'finalize' && saysHashMismatch(answer.text);
      throw new UpdateError(hash ? 'hash-mismatch' : 'device-fault', this.#details(answer));
    }
    // Since answers may have any shape, one that every path gets would pass for a device that took everything.
    if (!saysSomething(answer, this.#control)) this.#saidNothing(request.kind, answer);
    return answer;
  }

  /**
   * Handles an answer that shows nothing. A device that can be asked is asked: for the session that begin opened, for
   * its count, and after a finalize, where this is a mere "yes", for the session once more. Any other device will never
   * say more.
   */
  #saidNothing(kind: RequestKind, { status }: Answer): void {
    if (!this.tellsStatus) throw new UpdateError(kind === 'finalize' ? 'unconfirmed' : 'no-route', { status });
    if (kind !== 'finalize') throw new UpdateError('garbled', { status });
  }

  #echoes({ text }: Answer, sent: string): boolean {
    return this.#control?.echoes === true || text.trim() === sent;
  }

  #details(answer: Answer): { status: number; said: string | null } {
    return { status: answer.status, said: wordsOf(answer, secretsOf(this.#target)) };
  }
}

/**
 * Whether a status answer shows that the device can be asked where it is: it counts bytes, or it says that no session
 * is open, when there is nothing to count.
 */
export function countsBytes(answer: Answer): boolean {
  const top = objectIn(answer.json);
  return top !== null && (readLoose(answer).written !== null || saysIdle(top));
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

/**
 * Session, byte counter and size under any of the names seen in the field. `seq` is ignored: it counts requests, not
 * bytes.
 */
function readLoose(answer: Answer): Loose {
  const top = objectIn(answer.json);
  if (top === null) return { sessionId: null, written: null, size: null };
  const nested = objectIn(top['session']);
  const count = (...names: readonly string[]): number | null => {
    const told = [top, nested ?? {}].flatMap((place) => names.map((name) => wholeNumber(place[name])));
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

/** The open session in a status answer. `null`: it says that none is open. `undefined`: it tells of no session at all. */
function readLooseSession(answer: Answer): SessionReport | null | undefined {
  const top = objectIn(answer.json);
  if (top === null) return undefined;
  if (saysIdle(top)) return null;
  const { sessionId, written, size } = readLoose(answer);
  const open = sessionId !== null || written !== null || top['active'] === true;
  return open ? sessionReport(sessionId, written, size) : undefined;
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
