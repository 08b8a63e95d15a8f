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
import { byteCount, identifier, objectIn, wordsOf, type Answer } from '../answer.ts';
import { saysOfHash } from '../refusing-words.ts';
import type { DeviceRequest } from '../device-request.ts';
import { send, type World } from '../request.ts';
import { routeOf, secretsOf, type DeviceTarget } from '../target.ts';
import { type ChunkedDialect, TRAITS } from '../../model/device/dialect.ts';
import { STATUS_ROUTE } from '../../model/device/status-route.ts';

/** One request holds 4,096 bytes, headers included: this fits with the headers of every client that was measured. */
const FIRST_CHUNK = 3072;

/** Speaks to the firmware as it is published. Every answer it relies on must have the published shape, else `garbled`. */
export class ShippedLink implements DeviceLink {
  readonly dialect = 'shipped';
  readonly traits = TRAITS.shipped;
  /** Opened by a snapshot, or because the person said so. */
  readonly certain = true;
  readonly tellsStatus = true;
  readonly firstChunkBytes = FIRST_CHUNK;
  readonly route: Route;
  readonly #target: DeviceTarget;
  readonly #world: World;

  constructor(target: DeviceTarget, world: World) {
    this.route = routeOf(target);
    this.#target = target;
    this.#world = world;
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
    // With its offset, a chunk that the browser or a proxy sends twice is refused and not written twice.
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

  /** Asks for the status once more, with neither token nor login: a device answers it that started without `ota_token`. */
  async remark(options: RequestOptions): Promise<Remark | null> {
    try {
      const request = { kind: 'status', method: 'GET', route: STATUS_ROUTE, credentials: 'none' } as const;
      return readSnapshot(await send(this.#target, request, options, this.#world)) === null ? null : 'takes-any-token';
    } catch (error) {
      if (error instanceof UpdateError) return null;
      throw error;
    }
  }

  async markValid(options: RequestOptions): Promise<void> {
    this.#ok(await this.#send({ kind: 'mark-valid', method: 'POST', route: '/mark-valid' }, options));
  }

  #send(request: Omit<DeviceRequest, 'credentials'>, options: RequestOptions): Promise<Answer> {
    return send(this.#target, { ...request, credentials: 'token-header' }, options, this.#world);
  }

  #snapshot(answer: Answer): DeviceStatus {
    const status = readSnapshot(answer);
    if (status !== null) return status;
    // It is whole, and no other try makes it fit.
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
    return new UpdateError('garbled', { status: answer.status, ...(said === null ? {} : { said }) });
  }
}

/** Whether a 401 is in the words of the published update routes: then it was they who read the token. */
export function saysShippedRefusal({ said }: Pick<UpdateError, 'said'>): boolean {
  return said === 'invalid ota token';
}

/** Whether a 401 is in the words of ViperHTTP's `AuthMiddleware`: a credential is wanted before any route, besides the token. */
export function asksForLogin({ said }: Pick<UpdateError, 'said'>): boolean {
  return said === 'Not authenticated';
}

/** In which dialect a device speaks whose status is a snapshot. */
export const TELLS_SNAPSHOT = 'shipped' satisfies ChunkedDialect;

/** Whether an answer has a snapshot's keys, whatever it holds under them: the firmware is ViperHTTP's, or tells it after it. */
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

/** `undefined`: no session that can be read, so the snapshot is none. `null`: there, but over. */
function readSession(session: Readonly<Record<string, unknown>> | null): SessionReport | null | undefined {
  if (session === null) return undefined;
  const id = identifier(session['id']);
  const writtenBytes = byteCount(session['written_bytes']);
  // Going on after a lost answer rests on these two; without them nothing of the session can be believed.
  if (id === null || writtenBytes === null) return undefined;
  if (session['active'] === false) return null;
  const sha256 = session['expected_sha256'];
  return {
    id,
    writtenBytes,
    expectedSize: byteCount(session['expected_size']),
    expectedSha256: typeof sha256 === 'string' ? sha256.toLowerCase() : null,
    slot: readSlot(session['partition']),
    capacityBytes: byteCount(session['capacity_bytes']),
    blockSize: byteCount(session['block_size']),
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
  const address = byteCount(slot['address']);
  // Where a slot lies tells it from others as well as its name does.
  const label = typeof told === 'string' && told !== '' ? told : address === null ? null : `0x${address.toString(16)}`;
  if (label === null) return null;
  const subtype = byteCount(slot['subtype']);
  return { label, address, size: byteCount(slot['size']), ...(subtype === null ? {} : { subtype }) };
}
