/**
 * The routes of the documentation page. It leaves much open; each gap is an option here, so that a client can be tested
 * with every way to fill it.
 */
import { Refusal, detail, json, type Reply } from '../answers.ts';
import type { DescribedRoute } from './auto-docs.ts';
import type { Bootloader } from '../bootloader.ts';
import { fields, type Call } from '../call.ts';
import type { DeviceClock } from '../clock.ts';
import type { Power } from '../power.ts';
import { optionalSize } from './python-values.ts';
import type { Session, Updater } from './updater.ts';

type Route = 'status' | 'begin' | 'write' | 'finalize';

/** Without summaries, which the documentation does not give. */
const ROUTES: Readonly<Record<Route, Pick<DescribedRoute, 'method' | 'summary'>>> = {
  status: { method: 'GET' },
  begin: { method: 'POST' },
  write: { method: 'POST' },
  finalize: { method: 'POST' },
};

export interface DocumentedOptions {
  readonly token: string | null;
  /** `counter`: a GET `<prefix>/status` tells the session and its bytes, whatever `answers` says. */
  readonly status: 'none' | 'counter';
  /** What good answers look like. */
  readonly answers: 'json' | 'text' | 'empty';
  /** The key of the session identifier in answers. */
  readonly sessionKey: 'session_id' | 'session' | 'id';
  /** The key of the counter in answers to writes; null: no counter. `seq` counts writes, the others bytes. */
  readonly counterKey: 'written' | 'bytes_written' | 'seq' | null;
  readonly beginWhileActive: 'refuse' | 'replace';
  /** Whether finalize restarts the device, after it has answered. */
  readonly restarts: boolean;
  /** Milliseconds without a write after which the session is dropped. */
  readonly sessionTimeoutMs: number;
  /** The status of a finalize whose hash does not match. */
  readonly mismatchStatus: 400 | 409;
  /** The status of a write or finalize without a session. */
  readonly noSessionStatus: 400 | 409;
}

export class DocumentedRoutes {
  readonly routes: Readonly<Record<string, Pick<DescribedRoute, 'method' | 'summary'>>>;
  readonly #updater: Updater;
  readonly #bootloader: Bootloader;
  readonly #clock: DeviceClock;
  readonly #options: DocumentedOptions;

  constructor(updater: Updater, bootloader: Bootloader, clock: DeviceClock, options: DocumentedOptions) {
    this.#updater = updater;
    this.#bootloader = bootloader;
    this.#clock = clock;
    this.#options = options;
    const { status, ...always } = ROUTES;
    this.routes = options.status === 'counter' ? { ...always, status } : always;
  }

  /** The token is read from `Authorization` only. */
  isAuthorised(call: Call): boolean {
    const { token } = this.#options;
    return token === null || call.header('authorization') === `Bearer ${token}`;
  }

  async answer(route: string, call: Call, power: Power): Promise<Reply> {
    this.#expire();
    switch (route as Route) {
      case 'status':
        return { kind: 'answer', response: json(this.#status()) };
      case 'begin':
        return this.#begin(call);
      case 'write':
        return this.#write(call, power);
      case 'finalize':
        return this.#finalize(call);
    }
  }

  #begin(call: Call): Reply {
    const size = optionalSize(fields(call)['size'], 'size');
    if (size === null) throw new Refusal(400, 'size is required');
    if (this.#updater.session !== null && this.#options.beginWhileActive === 'refuse') {
      throw new Refusal(409, 'ota session already active');
    }
    if (size > this.#bootloader.next.flash.size) throw new Refusal(400, 'size exceeds update partition capacity');
    const session = this.#updater.begin(size, null);
    return this.#good({ [this.#options.sessionKey]: String(session.id) }, `session ${session.id}`);
  }

  async #write(call: Call, power: Power): Promise<Reply> {
    const session = this.#session();
    if (call.body.length === 0) throw new Refusal(400, 'empty chunk');
    if (session.written + call.body.length > (session.expectedSize ?? session.slot.flash.size)) {
      throw new Refusal(400, 'chunk exceeds size');
    }
    await this.#updater.write(call.body, power);
    return this.#good(this.#counted(session), 'ok');
  }

  #finalize(call: Call): Reply {
    const session = this.#session();
    const expected = fields(call)['sha256'];
    if (typeof expected !== 'string' || !/^[0-9a-fA-F]{64}$/.test(expected)) {
      throw new Refusal(400, 'sha256 must be 64 hex chars');
    }
    if (session.written !== session.expectedSize) throw new Refusal(409, 'written size does not match size');
    const { slot } = session;
    if (this.#updater.digest() !== expected.toLowerCase()) {
      // The page says that a mismatch rejects the update: the session ends with it.
      this.#updater.drop('sha256 mismatch');
      return { kind: 'answer', response: detail(this.#options.mismatchStatus, 'sha256 mismatch') };
    }
    try {
      this.#updater.setBoot();
    } catch (error) {
      this.#updater.drop('set boot failed');
      throw error;
    }
    this.#updater.finish({ ok: true, sha256: expected.toLowerCase(), partition: slot.label });
    return this.#options.restarts ? { ...this.#good({}, 'ok'), restartsAfterMs: 0 } : this.#good({}, 'ok');
  }

  #status(): unknown {
    const { session, lastResult, lastError } = this.#updater;
    const { sessionKey, counterKey } = this.#options;
    // A status always counts bytes: where the answers to writes have no count, or number the writes, its key is
    // "written".
    const key = counterKey === 'bytes_written' ? counterKey : 'written';
    return {
      active: session !== null,
      ...(session === null
        ? {}
        : { [sessionKey]: String(session.id), size: session.expectedSize, [key]: session.written }),
      last_result: lastResult,
      last_error: lastError,
    };
  }

  #counted(session: Session): Readonly<Record<string, unknown>> {
    const { sessionKey, counterKey } = this.#options;
    if (counterKey === null) return {};
    return {
      [sessionKey]: String(session.id),
      [counterKey]: counterKey === 'seq' ? session.sequence : session.written,
    };
  }

  #good(body: Readonly<Record<string, unknown>>, text: string): Reply & { readonly kind: 'answer' } {
    switch (this.#options.answers) {
      case 'json':
        return { kind: 'answer', response: json({ status: 'ok', ...body }) };
      case 'text':
        return { kind: 'answer', response: new Response(text, { headers: { 'Content-Type': 'text/plain' } }) };
      case 'empty':
        return { kind: 'answer', response: new Response(null) };
    }
  }

  #session(): Session {
    if (this.#updater.session === null) throw new Refusal(this.#options.noSessionStatus, 'ota session is not active');
    return this.#updater.session;
  }

  /** Drops a session that had no write for too long, which the next request notices. */
  #expire(): void {
    const { session } = this.#updater;
    if (session !== null && this.#clock.now() - session.lastActivityAt > this.#options.sessionTimeoutMs) {
      this.#updater.drop('session timed out');
    }
  }
}
