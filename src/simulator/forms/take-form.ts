/** How such a device takes an upload: a form, read as it comes, whose first file goes to its updater. */
import { ConnectionDropped } from '../power.ts';
import { boundaryOf, MultipartReader } from '../wled/multipart.ts';
import type { ArduinoUpdater } from './arduino-updater.ts';
import type { BreakingFault } from '../whole/faults.ts';
import type { Passing } from '../whole/simulated-whole.ts';

const BLOCK_BYTES = 4096;

export interface Taking {
  readonly updater: ArduinoUpdater;
  readonly cleansUp: boolean;
  /** Milliseconds for each block of 4096 bytes. */
  readonly blockMs: number;
  /** The first bytes of a file have come, in this field, behind these. @returns whether the rest of it is written */
  readonly starts: (field: string, before: ReadonlyMap<string, string>) => boolean;
  readonly pause: (ms: number) => Promise<void>;
  /** Never answers. */
  readonly fail: (fault: BreakingFault) => Promise<never>;
}

/** @returns whether a file came, and was written to its end */
export async function takeForm({ request, fault, power, count }: Passing, device: Taking): Promise<boolean> {
  const { updater, starts, blockMs } = device;
  const boundary = boundaryOf(request.headers.get('content-type'));
  if (boundary === null || request.body === null) return false;
  const form = new MultipartReader(boundary);
  const breaks = fault !== null && 'when' in fault && typeof fault.when === 'object' ? fault : null;
  const breaksAt = typeof breaks?.when === 'object' ? breaks.when.bytes : Infinity;
  const reader = request.body.getReader();
  const gone = leaving(request.signal);
  const fields = new Map<string, string>();
  let file: { readonly field: string; readonly isWritten: boolean } | null = null;
  let taken = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), gone]);
      power.check();
      if (done) break;
      for (const { name, isFile, bytes } of form.push(value)) {
        if (!isFile) fields.set(name, (fields.get(name) ?? '') + new TextDecoder().decode(bytes));
        if (!isFile || (file !== null && file.field !== name)) continue;
        file ??= { field: name, isWritten: starts(name, fields) };
        const own = bytes.subarray(0, breaksAt - taken);
        const arrived = fault?.kind === 'corrupt' ? turned(own, fault.at - taken) : own;
        taken += own.length;
        count(taken);
        await Promise.race([device.pause((blockMs * own.length) / BLOCK_BYTES), gone]);
        if (file.isWritten) updater.write(arrived);
        if (breaks !== null && taken >= breaksAt) await Promise.race([device.fail(breaks), gone]);
      }
    }
    if (!form.ended) throw new ConnectionDropped();
  } catch (error) {
    // The client is gone, or the power.
    if (file?.isWritten === true && device.cleansUp) updater.abort();
    reader.cancel().catch(() => undefined);
    throw error instanceof ConnectionDropped ? error : new ConnectionDropped();
  }
  if (file?.isWritten === true) updater.end();
  return file?.isWritten === true;
}

/** Rejects when the client goes away. */
function leaving(signal: AbortSignal): Promise<never> {
  const gone = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(new ConnectionDropped());
    signal.addEventListener('abort', () => reject(new ConnectionDropped()), { once: true });
  });
  // Heard where the body is read; afterwards nobody minds.
  gone.catch(() => undefined);
  return gone;
}

function turned(bytes: Uint8Array, at: number): Uint8Array {
  if (at < 0 || at >= bytes.length) return bytes;
  const copy = bytes.slice();
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
