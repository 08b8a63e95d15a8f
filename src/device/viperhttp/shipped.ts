import type { Route } from '../../model/device/device.ts';
import type {
  DeviceLink,
  DeviceStatus,
  FinalizeAnswer,
  FinalizeRequest,
  Remark,
  RequestOptions,
  SessionReport,
  Slot,
} from '../../model/device/link.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import { identifier, objectIn, wholeNumber, wordsOf, type Answer } from '../answer.ts';
import { saysOfHash } from '../refusing-words.ts';
import type { DeviceRequest } from '../device-request.ts';
import { send, type RequestDeps } from '../request.ts';
import { routeOf, secretsOf, type DeviceTarget } from '../target.ts';
import { type ChunkedDialect, TRAITS } from '../../model/device/dialect.ts';
import { STATUS_ROUTE } from '../../model/device/status-route.ts';

/**
 * The device takes requests of 4,096 bytes, headers included: this leaves room for the headers of every client that was
 * measured.
 */
const FIRST_CHUNK = 3072;

/** Speaks to the firmware as it is published. Every answer it relies on must have the published shape, else `garbled`. */
export class ShippedLink implements DeviceLink {
  readonly dialect = 'shipped';
  readonly traits = TRAITS.shipped;
  /** The link was opened because of a snapshot, or of what the person chose. */
  readonly certain = true;
  readonly tellsStatus = true;
  readonly firstChunkBytes = FIRST_CHUNK;
  readonly route: Route;
  readonly #target: DeviceTarget;
  readonly #deps: RequestDeps;

  constructor(target: DeviceTarget, deps: RequestDeps) {
    this.route = routeOf(target);
    this.#target = target;
    this.#deps = deps;
  }

  async status(options: RequestOptions): Promise<DeviceStatus> {
    return this.#snapshot(await this.#send({ kind: 'status', method: 'GET', route: STATUS_ROUTE }, options));
  }

  async begin(request: { size: number; sha256: string; force: boolean }, options: RequestOptions) {
    const body = JSON.stringify({
      expected_size: request.size,
      expected_sha256: request.sha256,
      force: request.force,
    });
    const answer = await this.#send({ kind: 'begin', method: 'POST', route: '/begin', body }, options);
    return { session: this.#session(answer) };
  }

  async write(chunk: Uint8Array<ArrayBuffer>, offset: number, options: RequestOptions) {
    // By its offset, a chunk that the browser or a proxy sends twice is refused and not written twice.
    const route = `/chunk?offset=${offset}`;
    const session = this.#session(await this.#send({ kind: 'write', method: 'POST', route, body: chunk }, options));
    return { writtenBytes: session.writtenBytes, sessionId: session.id };
  }

  async finalize({ restart, sha256 }: FinalizeRequest, options: RequestOptions): Promise<FinalizeAnswer> {
    // The hash to check is the one given at begin; one sent here would be ignored.
    const body = JSON.stringify({ set_boot: true, reboot: restart, strict_size: true });
    const answer = await this.#send({ kind: 'finalize', method: 'POST', route: '/finalize', body }, options);
    this.#ok(answer);
    switch (saysOfHash(answer, sha256)) {
      case 'wrong':
        throw new UpdateError('hash-mismatch', { status: answer.status });
      case 'right':
        return { names: 'image' };
      case 'nothing':
        return { names: 'yes' };
    }
  }

  async abort(options: RequestOptions): Promise<{ idle: boolean | null }> {
    const answer = await this.#send({ kind: 'abort', method: 'POST', route: '/abort' }, options);
    const active = objectIn(answer.json)?.['active'];
    return { idle: typeof active === 'boolean' ? !active : null };
  }

  /**
   * Asks for the status once more, with neither token nor login, which only a device that was started without
   * `ota_token` answers.
   */
  async remark(options: RequestOptions): Promise<Remark | null> {
    try {
      const request = { kind: 'status', method: 'GET', route: STATUS_ROUTE, credentials: 'none' } as const;
      return readSnapshot(await send(this.#target, request, options, this.#deps)) === null ? null : 'takes-any-token';
    } catch (error) {
      if (error instanceof UpdateError) return null;
      throw error;
    }
  }

  async markValid(options: RequestOptions): Promise<void> {
    this.#ok(await this.#send({ kind: 'mark-valid', method: 'POST', route: '/mark-valid' }, options));
  }

  #send(request: Omit<DeviceRequest, 'credentials'>, options: RequestOptions): Promise<Answer> {
    return send(this.#target, { ...request, credentials: 'token-header' }, options, this.#deps);
  }

  #snapshot(answer: Answer): DeviceStatus {
    const status = readSnapshot(answer);
    if (status !== null) return status;
    // The answer is whole, so that another try would not help.
    if (isLikeSnapshot(answer)) throw new UpdateError('unknown-format', { status: answer.status });
    throw this.#garbled(answer);
  }

  #session(answer: Answer): SessionReport {
    const { session } = this.#snapshot(answer);
    if (session === null) throw this.#garbled(answer);
    return session;
  }

  #ok(answer: Answer): void {
    if (objectIn(answer.json)?.['ok'] !== true) throw this.#garbled(answer);
  }

  #garbled(answer: Answer): UpdateError {
    const said = wordsOf(answer, secretsOf(this.#target));
    return new UpdateError('garbled', { status: answer.status, said });
  }
}

/** Whether a 401 has the words of the published update routes: then it was these that read the token. */
export function saysShippedRefusal({ said }: Pick<UpdateError, 'said'>): boolean {
  return said === 'invalid ota token';
}

/**
 * Whether a 401 has the words of ViperHTTP's `AuthMiddleware`: before any route, a login is wanted besides the token.
 */
export function asksForLogin({ said }: Pick<UpdateError, 'said'>): boolean {
  return said === 'Not authenticated';
}

/** The dialect of a device whose status is a snapshot. */
export const TELLS_SNAPSHOT = 'shipped' satisfies ChunkedDialect;

/** Whether an answer has a snapshot's keys, whatever their values: the firmware is ViperHTTP's, or imitates it. */
export function isLikeSnapshot(answer: Answer): boolean {
  const top = objectIn(answer.json);
  return (
    top !== null && ['supported', 'running_partition', 'next_update_partition'].some((key) => Object.hasOwn(top, key))
  );
}

/** The status snapshot that `status`, `begin` and `chunk` answer with; null where the answer is none. */
export function readSnapshot(answer: Answer): DeviceStatus | null {
  const snapshot = objectIn(answer.json);
  const supported = snapshot?.['supported'];
  if (snapshot === null || typeof supported !== 'boolean') return null;
  const raw = snapshot['session'];
  const session = raw === null ? null : readSession(objectIn(raw));
  if (session === undefined) return null;
  return {
    supported,
    session,
    running: readSlot(snapshot['running_partition']),
    boot: readSlot(snapshot['boot_partition']),
    next: readSlot(snapshot['next_update_partition']),
    lastTaken: readLastTaken(objectIn(snapshot['last_result'])),
  };
}

/** `undefined`: the session cannot be read, so that the answer is no snapshot. `null`: the session has ended. */
function readSession(session: Readonly<Record<string, unknown>> | null): SessionReport | null | undefined {
  if (session === null) return undefined;
  const id = identifier(session['id']);
  const writtenBytes = wholeNumber(session['written_bytes']);
  // Resuming after a lost answer depends on these two; without them the session cannot be relied on.
  if (id === null || writtenBytes === null) return undefined;
  if (session['active'] === false) return null;
  const sha256 = session['expected_sha256'];
  return {
    id,
    writtenBytes,
    expectedSize: wholeNumber(session['expected_size']),
    expectedSha256: typeof sha256 === 'string' ? sha256.toLowerCase() : null,
    slot: readSlot(session['partition']),
    capacityBytes: wholeNumber(session['capacity_bytes']),
    blockSize: wholeNumber(session['block_size']),
  };
}

function readLastTaken(result: Readonly<Record<string, unknown>> | null): DeviceStatus['lastTaken'] {
  if (result?.['ok'] !== true) return null;
  const sha256 = result['sha256'];
  return {
    sha256: typeof sha256 === 'string' ? sha256.toLowerCase() : null,
    slot: readSlot(result['partition'])?.label ?? null,
  };
}

function readSlot(value: unknown): Slot | null {
  const slot = objectIn(value);
  if (slot === null) return null;
  const told = slot['label'];
  const address = wholeNumber(slot['address']);
  // A slot's address identifies it as well as its name does.
  const label = typeof told === 'string' && told !== '' ? told : address === null ? null : `0x${address.toString(16)}`;
  if (label === null) return null;
  const subtype = wholeNumber(slot['subtype']);
  return { label, address, size: wholeNumber(slot['size']), ...(subtype === null ? {} : { subtype }) };
}
