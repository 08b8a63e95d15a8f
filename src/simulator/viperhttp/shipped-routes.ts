/** The routes of the published firmware (`viperhttp_ota.py` of mateuszsury/ViperHTTP, commit 9645128). */
import { Refusal, json, type Reply } from '../answers.ts';
import type { DescribedRoute } from './auto-docs.ts';
import type { Bootloader } from '../bootloader.ts';
import { fieldOrQuery, fields, type Call } from '../call.ts';
import type { DeviceClock } from '../clock.ts';
import { BLOCK_BYTES } from '../flash.ts';
import type { Power } from '../power.ts';
import { PythonFloat } from './python-json.ts';
import { flag, fromBase64, fromHex, optionalSha256, optionalSize } from './python-values.ts';
import type { Session, Updater } from './updater.ts';

type Route = 'status' | 'begin' | 'chunk' | 'finalize' | 'abort' | 'upload' | 'mark-valid';

/** How the device describes them in its own documentation. */
const ROUTES: Readonly<Record<Route, Pick<DescribedRoute, 'method' | 'summary'>>> = {
  status: { method: 'GET', summary: 'OTA status' },
  begin: { method: 'POST', summary: 'Start OTA session' },
  chunk: { method: 'POST', summary: 'Write OTA chunk' },
  finalize: { method: 'POST', summary: 'Finalize OTA' },
  abort: { method: 'POST', summary: 'Abort OTA session' },
  upload: { method: 'POST', summary: 'Upload firmware in one request' },
  'mark-valid': { method: 'POST', summary: 'Mark current app valid' },
};

export interface ShippedOptions {
  readonly token: string | null;
  readonly tokenHeader: string;
  /** Whether the platform has OTA at all. */
  readonly supported: boolean;
}

export class ShippedRoutes {
  readonly routes = ROUTES;
  readonly #updater: Updater;
  readonly #bootloader: Bootloader;
  readonly #clock: DeviceClock;
  readonly #options: ShippedOptions;

  constructor(updater: Updater, bootloader: Bootloader, clock: DeviceClock, options: ShippedOptions) {
    this.#updater = updater;
    this.#bootloader = bootloader;
    this.#clock = clock;
    this.#options = options;
  }

  /** Where the header is present it decides, even when it is wrong and the query is right. A Bearer is never read. */
  isAuthorised(call: Call): boolean {
    const { token, tokenHeader } = this.#options;
    return token === null || (call.header(tokenHeader) ?? call.query.get('token')) === token;
  }

  async answer(route: string, call: Call, power: Power): Promise<Reply> {
    switch (route as Route) {
      case 'status':
        return said(this.#status());
      case 'begin':
        return said(this.#begin(call));
      case 'chunk':
        return said(await this.#chunk(call, power));
      case 'finalize':
        return this.#finalize(call, fields(call));
      case 'abort':
        return said(this.#abort());
      case 'upload':
        return this.#upload(call, power);
      case 'mark-valid':
        return said(this.#markValid());
    }
  }

  #begin(call: Call): unknown {
    const body = fields(call);
    const force = flag(fieldOrQuery(call, body, 'force'), false);
    this.#open(fieldOrQuery(call, body, 'expected_size'), fieldOrQuery(call, body, 'expected_sha256'), force);
    return this.#status();
  }

  #open(expectedSize: unknown, expectedSha256: unknown, force: boolean): void {
    this.#needsSupport();
    if (this.#updater.session !== null) {
      if (!force) throw new Refusal(409, 'ota session already active');
      this.#abort();
    }
    const size = optionalSize(expectedSize, 'expected_size');
    if (size !== null && size > this.#bootloader.next.flash.size) {
      throw new Refusal(400, 'expected_size exceeds update partition capacity');
    }
    this.#updater.begin(size, optionalSha256(expectedSha256));
  }

  async #chunk(call: Call, power: Power): Promise<unknown> {
    const body = fields(call);
    const data = payload(call, body);
    if (data.length === 0) throw new Refusal(400, 'empty chunk');
    await this.#write(data, fieldOrQuery(call, body, 'offset'), power);
    return this.#status();
  }

  async #write(data: Uint8Array, offset: unknown, power: Power): Promise<void> {
    const session = this.#updater.active();
    if ((optionalSize(offset, 'offset') ?? session.written) !== session.written) {
      throw new Refusal(409, 'offset mismatch; only sequential writes are supported');
    }
    const end = session.written + data.length;
    if (session.expectedSize !== null && end > session.expectedSize) {
      throw new Refusal(400, 'chunk exceeds expected_size');
    }
    if (end > session.slot.flash.size) throw new Refusal(400, 'chunk exceeds update partition capacity');
    await this.#updater.write(data, power);
  }

  #finalize(call: Call, body: Readonly<Record<string, unknown>>): Reply {
    const reboot = flag(fieldOrQuery(call, body, 'reboot'), false);
    const setBoot = flag(fieldOrQuery(call, body, 'set_boot'), true);
    const strict = flag(fieldOrQuery(call, body, 'strict_size'), true);
    const session = this.#updater.active();
    const { written, expectedSize, expectedSha256 } = session;
    if (strict && expectedSize !== null && written !== expectedSize) {
      throw new Refusal(409, 'written size does not match expected_size');
    }
    if (written <= 0) throw new Refusal(409, 'no firmware bytes written');
    const digest = this.#updater.digest();
    if (expectedSha256 !== null) {
      if (digest === null) throw new Refusal(500, 'sha256 verification unavailable');
      if (digest !== expectedSha256) throw new Refusal(409, 'sha256 mismatch');
    }
    if (setBoot) this.#updater.setBoot();
    const result = {
      ok: true,
      session_id: session.id,
      written_bytes: written,
      expected_size: expectedSize,
      sha256: digest,
      set_boot: setBoot,
      reboot,
      partition: this.#bootloader.info(session.slot.label),
    };
    this.#updater.finish(result);
    // The device resets before it answers: from outside, a successful finalize with reboot is a dropped connection.
    return reboot ? { kind: 'reset' } : said(result);
  }

  #abort(): unknown {
    const { session } = this.#updater;
    if (session === null) return { ok: true, aborted: false, active: false };
    this.#updater.drop('aborted');
    return { ok: true, aborted: true, session_id: session.id, active: false };
  }

  async #upload(call: Call, power: Power): Promise<Reply> {
    const body = fields(call);
    const data = payload(call, body);
    if (data.length === 0) throw new Refusal(400, 'empty upload body');
    this.#open(data.length, fieldOrQuery(call, body, 'expected_sha256'), true);
    try {
      await this.#write(data, null, power);
      return this.#finalize(call, { ...body, strict_size: true });
    } catch (error) {
      if (error instanceof Refusal) this.#abort();
      throw error;
    }
  }

  #markValid(): unknown {
    this.#needsSupport();
    this.#bootloader.markValid();
    return { ok: true };
  }

  #status(): unknown {
    const { supported } = this.#options;
    const { running, boot, next } = this.#bootloader;
    const { session, lastResult, lastError } = this.#updater;
    return {
      supported,
      active: session !== null,
      running_partition: supported && running !== null ? this.#bootloader.info(running) : null,
      boot_partition: supported ? this.#bootloader.info(boot) : null,
      next_update_partition: supported ? this.#bootloader.info(next.label) : null,
      last_result: lastResult,
      last_error: lastError,
      session: session === null ? null : this.#describe(session),
    };
  }

  #describe(session: Session): unknown {
    const { expectedSize, written, slot } = session;
    return {
      id: session.id,
      active: true,
      partition: this.#bootloader.info(slot.label),
      capacity_bytes: slot.flash.size,
      block_size: BLOCK_BYTES,
      block_count: slot.flash.blockCount,
      written_bytes: written,
      expected_size: expectedSize,
      remaining_bytes: expectedSize === null ? null : Math.max(0, expectedSize - written),
      progress_pct:
        expectedSize === null || expectedSize === 0 ? null : new PythonFloat((written * 100) / expectedSize),
      expected_sha256: session.expectedSha256,
      elapsed_ms: Math.floor(this.#clock.now() - session.startedAt),
    };
  }

  #needsSupport(): void {
    if (!this.#options.supported) throw new Refusal(501, 'OTA unsupported on this platform');
  }
}

function said(body: unknown): Reply {
  return { kind: 'answer', response: json(body) };
}

function payload(call: Call, body: Readonly<Record<string, unknown>>): Uint8Array<ArrayBuffer> {
  if (Object.hasOwn(body, 'data_base64')) return fromBase64(body['data_base64']);
  if (Object.hasOwn(body, 'data_hex')) return fromHex(body['data_hex']);
  return call.body;
}
