/** Sends a whole image, as a form or as it is, and tells how much of it has gone, which `fetch` alone cannot. */
import { hex } from '../../model/hex.ts';
import type { RequestOptions } from '../../model/device/link.ts';
import type { Upload } from '../../model/device/upload.ts';
import type { RequestRecord } from '../../model/device/request-record.ts';
import type { UpdateErrorCode } from '../../model/update/error-codes.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import { parseAnswer, type Answer } from '../answer.ts';
import type { FetchLike, RequestDeps } from '../request.ts';
import { supervised } from '../supervision.ts';

/**
 * Where there is nothing better. It tells of no progress before the answer.
 *
 * @param toPlainName as `needsLocalAddressSpace` says
 */
export function uploadByFetch(fetch: FetchLike, toPlainName = false): Upload {
  return async ({ url, contentType, headers, parts, signal, onSent }) => {
    const body = joined(parts);
    const response = await fetch(url, {
      method: 'POST',
      headers: new Headers({ ...headers, 'Content-Type': contentType }),
      body,
      mode: 'cors',
      redirect: 'manual',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      ...(toPlainName ? { targetAddressSpace: 'local' } : {}),
      signal,
    });
    onSent(body.length);
    const text = await response.text();
    return { status: response.status, contentType: response.headers.get('content-type'), text };
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** One file in a form, and the fields before it. */
export interface FileForm {
  readonly url: string;
  readonly path: string;
  /** Fields before the file, in their order. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** The name of the file's own field. */
  readonly field: string;
  readonly file: Uint8Array<ArrayBuffer>;
  /** As in `UploadRequest`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The browser has to be told that the device's name is a local one. */
  readonly toPlainName?: boolean;
}

/**
 * Bytes of the boundary. It is short, since parsers on devices were seen to fail at long ones; and no firmware contains
 * it by chance.
 */
const RANDOM_BYTES = 8;

/** How much of the answer is read: it is a page of a few kilobytes. */
const ANSWER_CHARACTERS = 64 * 1024;

/**
 * Sends the form and reads the answer, whatever its status. Rejects with an `UpdateError` only: where no answer came.
 *
 * @param onSent called with how many bytes of the file were handed over: more than the device has by then
 */
export async function uploadForm(
  form: FileForm,
  options: RequestOptions & { readonly onSent: (bytes: number) => void },
  deps: RequestDeps & { readonly upload?: Upload },
): Promise<Answer> {
  const boundary = `moult${hex(crypto.getRandomValues(new Uint8Array(RANDOM_BYTES)))}`;
  const [head, tail] = around(form, boundary);
  const contentType = `multipart/form-data; boundary=${boundary}`;
  return uploadBody({ ...form, contentType, before: [head], after: [tail] }, options, deps);
}

/** One file, and what comes before and after it in its request. */
export type FileBody = Pick<FileForm, 'url' | 'path' | 'file' | 'headers' | 'toPlainName'> & {
  readonly contentType: string;
  readonly before: readonly Uint8Array<ArrayBuffer>[];
  readonly after: readonly Uint8Array<ArrayBuffer>[];
};

/** The same for a file with anything around it. */
export async function uploadBody(
  { url, path, file, headers, contentType, before, after, toPlainName = false }: FileBody,
  options: RequestOptions & { readonly onSent: (bytes: number) => void },
  deps: RequestDeps & { readonly upload?: Upload },
): Promise<Answer> {
  const ahead = before.reduce((sum, { length }) => sum + length, 0);
  const startedAt = deps.clock.now();
  let status: number | null = null;
  let code: UpdateErrorCode | null = null;
  try {
    return await supervised(options, deps.clock, async (watch) => {
      // Only `fetch` has the option that tells where such a name leads.
      const upload = toPlainName || !deps.upload ? uploadByFetch(deps.fetch, toPlainName) : deps.upload;
      const sending = upload({
        ...{ url, signal: watch.signal, contentType },
        ...(headers === undefined ? {} : { headers }),
        parts: [...before, file, ...after],
        onSent: (bytes) => {
          watch.sign();
          options.onSent(Math.min(file.length, Math.max(0, bytes - ahead)));
        },
      });
      const answer = await watch.race(sending.catch(asUnreachable));
      status = answer.status;
      const isLong = answer.text.length > ANSWER_CHARACTERS;
      return parseAnswer(status, answer.text.slice(0, ANSWER_CHARACTERS), isLong, answer.contentType);
    });
  } catch (error) {
    if (error instanceof UpdateError) code = error.code;
    throw error;
  } finally {
    const record: RequestRecord = {
      ...{ kind: 'write', method: 'POST', path, bytes: file.length, startedAt, status, code },
      durationMs: deps.clock.now() - startedAt,
    };
    deps.observe?.(record);
  }
}

function asUnreachable(cause: unknown): never {
  throw cause instanceof UpdateError ? cause : new UpdateError('unreachable', { cause });
}

function around(
  { fields, field }: FileForm,
  boundary: string,
): readonly [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>] {
  const lines = fields.flatMap(([name, value]) => [`--${boundary}`, disposition(`name="${name}"`), '', value]);
  const head = [
    ...lines,
    `--${boundary}`,
    disposition(`name="${field}"`, 'filename="firmware.bin"'),
    'Content-Type: application/octet-stream',
    '',
    '',
  ].join('\r\n');
  const encoder = new TextEncoder();
  return [encoder.encode(head), encoder.encode(`\r\n--${boundary}--\r\n`)];
}

function disposition(...parameters: readonly string[]): string {
  return ['Content-Disposition:', ['form-data', ...parameters].join('; ')].join(' ');
}
