/** What the links have in common that speak to a device without HTTP, which only a host can. */
import type { RequestOptions } from '../model/device/link.ts';
import type { RequestRecord } from '../model/device/request-record.ts';
import type { UpdateErrorCode } from '../model/update/error-codes.ts';
import { UpdateError } from '../model/update/update-error.ts';
import type { LinkDeps } from './link-deps.ts';
import { supervised, type Watch } from './supervision.ts';

/** The port of an origin, also where it is the default one of the scheme. */
export function portOf(origin: string): number {
  const { port, protocol } = new URL(origin);
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

/**
 * Runs one exchange under a limit on silence, and records it like a request. Rejects with an `UpdateError`:
 * `unreachable` for any other error of `work`.
 */
export async function recordedExchange<T>(
  { clock, observe }: Pick<LinkDeps, 'clock' | 'observe'>,
  { kind, method, port }: Pick<RequestRecord, 'kind' | 'method'> & { readonly port: number },
  options: RequestOptions,
  work: (watch: Pick<Watch, 'signal' | 'sign'>) => Promise<T>,
): Promise<T> {
  const startedAt = clock.now();
  let code: UpdateErrorCode | null = null;
  try {
    return await supervised(options, clock, (watch) =>
      watch.race(work({ signal: watch.signal, sign: () => watch.sign() })),
    );
  } catch (error) {
    const named = error instanceof UpdateError ? error : new UpdateError('unreachable', { cause: error });
    code = named.code;
    throw named;
  } finally {
    const record = { kind, method, path: `:${port}`, bytes: 0, startedAt, status: null } as const;
    observe?.({ ...record, code, durationMs: clock.now() - startedAt });
  }
}
