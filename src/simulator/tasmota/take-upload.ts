/** How a Tasmota device takes an upload: a form, read as it comes; and the error that it keeps of one, which the next one gets. */
import { ConnectionDropped } from '../power.ts';
import { boundaryOf, MultipartReader } from '../wled/multipart.ts';
import type { BreakingFault } from '../whole/faults.ts';
import type { Passing } from '../whole/simulated-whole.ts';
import { ERRORS, type TasmotaFlash } from './flash.ts';

const BLOCK_BYTES = 4096;

/** What stays in memory between requests. */
export interface UploadState {
  /** The number of what went wrong, until a page has told it; 0: nothing. While it is there, nothing is written. */
  error: number;
  /** What the last page that was looked at was for. Before any was, what comes has no place to go. */
  expects: 'firmware' | 'settings' | 'nothing';
}

export interface Taking {
  readonly flash: TasmotaFlash;
  readonly state: UploadState;
  readonly blockMs: number;
  readonly pause: (ms: number) => Promise<void>;
  /** Never answers. */
  readonly fail: (fault: BreakingFault) => Promise<never>;
}

/** Reads all of it; what came of it stands in the state. */
export async function takeUpload({ request, fault, power, count }: Passing, device: Taking): Promise<void> {
  const { flash, state, blockMs } = device;
  const boundary = boundaryOf(request.headers.get('content-type'));
  if (boundary === null || request.body === null) return;
  const size = Number(new URL(request.url).searchParams.get('fsz') ?? 0);
  const form = new MultipartReader(boundary);
  const breaks = fault !== null && 'when' in fault && typeof fault.when === 'object' ? fault : null;
  const breaksAt = typeof breaks?.when === 'object' ? breaks.when.bytes : Infinity;
  const reader = request.body.getReader();
  const gone = leaving(request.signal);
  let taken = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), gone]);
      power.check();
      if (done) break;
      for (const { isFile, bytes } of form.push(value)) {
        if (!isFile || bytes.length === 0) continue;
        const own = bytes.subarray(0, breaksAt - taken);
        const arrived = fault?.kind === 'corrupt' ? turned(own, fault.at - taken) : own;
        await Promise.race([device.pause((blockMs * own.length) / BLOCK_BYTES), gone]);
        if (state.error === 0) state.error = write(device, arrived, taken === 0 ? size : null);
        taken += own.length;
        count(taken);
        if (breaks !== null && taken >= breaksAt) await Promise.race([device.fail(breaks), gone]);
      }
    }
    if (!form.ended) throw new ConnectionDropped();
  } catch (error) {
    // A reset has left nothing of it.
    if (power.isOn) {
      flash.abort();
      // The client is gone. Nothing is kept where its first byte never came.
      if (taken > 0) state.error = ERRORS.aborted;
    }
    reader.cancel().catch(() => undefined);
    throw error instanceof ConnectionDropped ? error : new ConnectionDropped();
  }
  if (state.error !== 0) flash.abort();
  else if (state.expects === 'settings') state.error = ERRORS.invalid;
  else state.error = await flash.end();
}

/** @param size of the whole file, at its first bytes; null: they were there already */
function write({ flash, state }: Taking, bytes: Uint8Array, size: number | null): number {
  if (state.expects === 'settings') return 0;
  if (state.expects === 'nothing') return ERRORS.space;
  const begun = size === null ? 0 : flash.begin(bytes[0] ?? 0, size);
  return begun === 0 ? flash.write(bytes) : begun;
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
