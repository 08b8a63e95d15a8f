/** How a WLED lamp takes an upload: a form, read as it comes. What it does with a half is a matter of its version. */
import { ConnectionDropped } from '../power.ts';
import type { BreakingFault } from '../whole/faults.ts';
import type { Passing } from '../whole/simulated-whole.ts';
import type { WledBuild } from './metadata.ts';
import { boundaryOf, MultipartReader } from './multipart.ts';
import type { WledOptions } from './options.ts';
import * as pages from './pages.ts';
import type { Upload, WledUpdater } from './wled-updater.ts';

const BLOCK_BYTES = 4096;

/** What of the lamp an upload reaches. */
export interface Taking {
  readonly options: WledOptions;
  readonly updater: WledUpdater;
  readonly runs: WledBuild;
  /** Whether its PIN was entered, or it has none. */
  readonly isOpen: () => boolean;
  /** Rejects with `ConnectionDropped` where it is reset meanwhile. */
  readonly pause: (ms: number) => Promise<void>;
  /** Never answers. */
  readonly fail: (fault: BreakingFault) => Promise<never>;
  readonly restartSoon: () => void;
}

export async function takeUpload({ request, fault, power, count }: Passing, lamp: Taking): Promise<Response> {
  const { options, updater, runs } = lamp;
  const boundary = boundaryOf(request.headers.get('content-type'));
  if (!options.ota) return pages.notBuiltIn();
  if (boundary === null || request.body === null) return pages.failed('Internal server fault');
  const appends = (options.halfUpload ?? usualHalf(runs.version)) === 'appended';
  const form = new MultipartReader(boundary);
  const breaks = fault !== null && 'when' in fault && typeof fault.when === 'object' ? fault : null;
  const breaksAt = typeof breaks?.when === 'object' ? breaks.when.bytes : Infinity;
  const reader = request.body.getReader();
  const gone = leaving(request.signal);
  let upload: Upload | null = null;
  let refusal: Response | null = null;
  let skips = false;
  let taken = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), gone]);
      power.check();
      if (done) break;
      for (const { name, bytes } of form.push(value)) {
        if (name === 'skipValidation') skips ||= new TextDecoder().decode(bytes) === '1';
        if (name !== 'update') continue;
        if (upload === null && refusal === null) {
          refusal = refusalAtFirst(lamp, appends);
          upload = refusal === null ? updater.begin(appends, !appends && !skips) : null;
          if (refusal === null && upload === null) refusal = pages.page(503, '', '');
        }
        const own = bytes.subarray(0, breaksAt - taken);
        const arrived = fault?.kind === 'corrupt' ? turned(own, fault.at - taken) : own;
        taken += own.length;
        count(taken);
        await Promise.race([lamp.pause((options.costs.programMsPerBlock * own.length) / BLOCK_BYTES), gone]);
        if (upload !== null) updater.write(upload, arrived, runs);
        if (breaks !== null && taken >= breaksAt) await Promise.race([lamp.fail(breaks), gone]);
      }
    }
  } catch (error) {
    // The client is gone, or the power: what is written so far stays or goes by the version.
    if (upload !== null && !appends) updater.abort();
    reader.cancel().catch(() => undefined);
    throw error instanceof ConnectionDropped ? error : new ConnectionDropped();
  }
  if (refusal !== null) return refusal;
  if (upload === null || !form.ended) {
    if (!appends) updater.abort();
    throw new ConnectionDropped();
  }
  const why = updater.end(upload);
  if (why !== null) return pages.failed(appends ? 'Please check your file and retry!' : why);
  lamp.restartSoon();
  return pages.succeeded();
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

function refusalAtFirst({ options, isOpen }: Taking, appends: boolean): Response | null {
  // Older ones know no rule of subnets.
  if (options.otherSubnet && !appends) return pages.accessDenied(pages.OTHER_SUBNET);
  if (!isOpen()) return pages.accessDenied(pages.PIN_WANTED);
  return options.otaLock ? pages.accessDenied(pages.OTA_LOCKED) : null;
}

function turned(bytes: Uint8Array, at: number): Uint8Array {
  if (at < 0 || at >= bytes.length) return bytes;
  const copy = bytes.slice();
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

/** 0.15.2 began to clean up after a client that went away. */
function usualHalf(version: string): 'cleaned' | 'appended' {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map((part) => Number(part) || 0);
  return major > 0 || (minor === 15 && patch >= 2) ? 'cleaned' : 'appended';
}
