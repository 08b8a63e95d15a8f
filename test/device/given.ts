import { expect } from 'chai';
import type { FetchInit } from '../../src/device/device-request.ts';
import type { FetchLike } from '../../src/device/request.ts';
import type { DeviceTarget } from '../../src/device/target.ts';
import type { RequestOptions } from '../../src/model/device/link.ts';
import { UpdateError } from '../../src/model/update/update-error.ts';

export const ORIGIN = 'http://192.168.1.50:8080';
export const TOKEN = 'c0ffee'.repeat(10);

export function target(changes: Partial<DeviceTarget> = {}): DeviceTarget {
  return {
    origin: ORIGIN,
    prefix: '/ota',
    protocol: 'automatic',
    dialect: null,
    tokenHeader: 'X-OTA-Token',
    token: TOKEN,
    ...changes,
  };
}

export function limits(changes: Partial<RequestOptions> = {}): RequestOptions {
  return { signal: new AbortController().signal, timeoutMs: 5000, ...changes };
}

export interface Seen {
  readonly url: string;
  readonly init: FetchInit;
}

/** A `fetch` that answers from a list and keeps what it was called with. */
export function answering(...answers: readonly (Response | Error)[]): { fetch: FetchLike; seen: Seen[] } {
  const seen: Seen[] = [];
  const left = [...answers];
  const fetch: FetchLike = (url, init) => {
    seen.push({ url, init });
    const answer = left.shift();
    if (answer === undefined) return Promise.reject(new Error('One request more than the test has answers for.'));
    return answer instanceof Response ? Promise.resolve(answer) : Promise.reject(answer);
  };
  return { fetch, seen };
}

/** The `UpdateError` that `work` rejects with; fails where it does not. */
export async function errorOf(work: Promise<unknown>): Promise<UpdateError> {
  const outcome = await work.then(
    () => 'no error at all',
    (error: unknown) => error,
  );
  expect(outcome).to.be.instanceOf(UpdateError);
  return outcome as UpdateError;
}

const SLOT = { type: 0, subtype: 16, address: 65536, size: 2031616, encrypted: false };

/** What shipped firmware tells while it takes an image. */
export function snapshot(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    supported: true,
    active: true,
    running_partition: { ...SLOT, raw: [], label: 'ota_0' },
    boot_partition: { label: 'ota_0' },
    next_update_partition: { label: 'ota_1', size: 2031616 },
    last_result: null,
    last_error: null,
    session: {
      id: 3,
      active: true,
      partition: { label: 'ota_1' },
      capacity_bytes: 2031616,
      block_size: 4096,
      block_count: 496,
      written_bytes: 4096,
      expected_size: 1500000,
      remaining_bytes: 1495904,
      progress_pct: 0.27,
      expected_sha256: 'AB'.repeat(32),
      elapsed_ms: 812,
    },
    ...changes,
  };
}
