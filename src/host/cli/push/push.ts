/** One firmware to one device from Node: the host's own way to run an update, in this process, over Node's own sockets. */
import { sha256 } from '../../../firmware/bytes/digest.ts';
import { inspect } from '../../../firmware/inspect.ts';
import { statedName } from '../../../firmware/image/stated-name.ts';
import type { DeviceTarget } from '../../../device/target.ts';
import type { ReasonCode } from '../../../model/firmware/finding.ts';
import { askOpenApi } from '../../../device/viperhttp/openapi.ts';
import type { JobDevice, JobFirmware } from '../../../model/jobs/job.ts';
import type { Secrets } from '../../../model/device/secrets/secrets.ts';
import type { UpdateControls } from '../../../update/controls.ts';
import { describeElsewhere as describe } from '../../../words/update/describe-elsewhere.ts';
import type { Words } from '../../../words/update/told.ts';
import { failedBefore } from '../../../model/update/nothing-sent.ts';
import type { Outcome, UpdateState } from '../../../model/update/update-state.ts';
import type { OwnJobs } from '../../jobs/own-jobs.ts';
import { DeviceFetch } from '../../reach/device-fetch.ts';
import { nodeClock } from '../../node-ports.ts';
import type { PushWarnings } from './push-warnings.ts';

export interface PushOptions {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What the file is called. */
  readonly fileName: string;
  /** What the device is called in words. */
  readonly name: string;
  readonly target: DeviceTarget;
  /** Nobody named a path: where the device takes no updates below the usual one, it is asked below which it does. */
  readonly findsPrefix?: boolean;
  /** Ask for a restart into the new image. */
  readonly restart: boolean;
  /** How long to look for the device after its restart, in milliseconds; absent: `RESTART_PATIENCE_MS`. */
  readonly patienceMs?: number | undefined;
  /** What speaks against the file, and was overruled by name; absent: nothing. */
  readonly overruled?: readonly ReasonCode[];
  readonly controls: UpdateControls;
  readonly jobs: OwnJobs;
  /** Absent: nobody is warned. */
  readonly warnings?: PushWarnings;
  /** Told at every state, with its words. */
  readonly onState: (state: UpdateState, words: Words) => void;
}

export interface Pushed {
  readonly outcome: Outcome;
  readonly words: Words;
  readonly sha256: string;
  readonly version: string | null;
}

/** Runs one update to its end. What the device or the network does is an outcome, not an error. */
export async function push(options: PushOptions): Promise<Pushed> {
  const {
    bytes,
    name,
    target,
    findsPrefix = false,
    restart,
    patienceMs,
    overruled,
    controls,
    jobs,
    warnings,
    onState,
  } = options;
  const inspection = await inspect(bytes);
  warnings?.tellOfFile(inspection, [target]);
  const firmware = {
    sha256: await sha256(bytes),
    size: bytes.length,
    name: options.fileName,
    ...statedName(inspection),
  };
  const tell = (state: UpdateState): Words => {
    const words = describe(state, { device: name, version: firmware.version });
    warnings?.tellOfState(state, name);
    onState(state, words);
    return words;
  };
  const way = new DeviceFetch();
  const run = async (at: DeviceTarget): Promise<Outcome> => {
    const ended = await jobs.run({
      ...partsOf(at, { name, chipId: null, patienceMs }),
      ...{ firmware, loaded: { bytes, inspection }, plan: planOf(restart, overruled), controls },
      ...{ fetch: way.fetch, upload: way.upload, raw: way.raw },
      seen: tell,
    });
    if ('phase' in ended) return ended;
    warnings?.tellOfOther(ended.by);
    return busy(firmware);
  };
  try {
    let outcome = await run(target);
    if (findsPrefix && outcome.outcome === 'failed' && outcome.code === 'no-route') {
      const prefix = await toldPrefix(target, way, controls.cancelled);
      if (prefix !== null) {
        warnings?.tellOfPrefix(prefix, name);
        outcome = await run({ ...target, prefix });
      }
    }
    const isSecure = target.origin.startsWith('https:');
    if (isSecure && outcome.outcome === 'failed' && outcome.code === 'unreachable') warnings?.tellOfCertificate();
    const hasSecret = target.token !== '' || (target.login ?? null) !== null;
    if (!hasSecret && outcome.outcome === 'failed' && outcome.code === 'unauthorised') warnings?.tellOfNoToken();
    const words = describe(outcome, { device: name, version: firmware.version });
    return { outcome, words, sha256: firmware.sha256, version: firmware.version };
  } finally {
    way.close();
  }
}

/** The one path below which the device says that it takes updates, and in the dialect that was asked for. */
async function toldPrefix(target: DeviceTarget, { fetch }: DeviceFetch, signal: AbortSignal): Promise<string | null> {
  const world = { fetch, clock: nodeClock };
  // It has a limit of its own, and rejects only where somebody cancelled.
  const told = await askOpenApi(target, { signal, timeoutMs: Infinity }, world).catch(() => null);
  const { protocol } = target;
  const fitting = (told?.otas ?? []).filter(({ dialect }) => protocol === 'automatic' || protocol === dialect);
  const [only, ...more] = fitting;
  return only === undefined || more.length > 0 ? null : only.prefix;
}

/** A device as a job has it, and what it asks for. */
export function partsOf(
  { token, login = null, origin, prefix, protocol, dialect, tokenHeader }: DeviceTarget,
  { name, chipId, patienceMs }: Pick<JobDevice, 'name' | 'chipId'> & { readonly patienceMs: number | undefined },
): { readonly device: JobDevice; readonly secrets: Secrets } {
  return {
    device: {
      ...{ name, origin, prefix, protocol, dialect, tokenHeader, chipId },
      ...(patienceMs === undefined ? {} : { patienceMs }),
    },
    secrets: { token: token === '' ? null : token, login },
  };
}

/**
 * Whoever repeats the command wants the update: what an earlier one left half done is begun anew where the device has
 * lost it.
 */
export function planOf(restart: boolean, overruled: readonly ReasonCode[] = []): Parameters<OwnJobs['run']>[0]['plan'] {
  return { restart, overruled, takeOver: null, beginAgain: true };
}

/** How an update ends before it begins, where a host or another command of this machine is at the device. */
export function busy({ size }: Pick<JobFirmware, 'size'>): Outcome {
  return failedBefore(null, size, { code: 'other-session' });
}
