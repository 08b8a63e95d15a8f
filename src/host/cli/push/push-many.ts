/** One firmware to many devices from Node: the page's own rollout over Node's own sockets. */
import { sha256 } from '../../../firmware/bytes/digest.ts';
import { inspect } from '../../../firmware/inspect.ts';
import { statedName } from '../../../firmware/image/stated-name.ts';
import { OF_HOST } from '../../../device/whole-image/of-host.ts';
import { openAnyLink } from '../../../device/open-link.ts';
import { LoginSignIn } from '../../../device/sign-in/sign-in.ts';
import { UpdateControls } from '../../../update/controls.ts';
import { describeElsewhere as describe } from '../../../words/update/describe-elsewhere.ts';
import { skipReasonInWords } from '../../../words/rollout/rollout-progress.ts';
import type { JournalEntry } from '../../../model/update/journal.ts';
import type { UpdatePlan } from '../../../model/update/plan.ts';
import { LOOK_TIMEOUT_MS } from '../../../model/device/link.ts';
import { isWholeImage, type OpenLink } from '../../../model/device/whole-image-link.ts';
import { notReady, readiness, readinessOfWhole } from '../../../rollout/readiness.ts';
import { runRollout } from '../../../rollout/run-rollout.ts';
import type { RolloutControls } from '../../../rollout/controls.ts';
import type { RolloutOptions } from '../../../model/rollout/rollout-record.ts';
import type { SkipReason, Readiness, RolloutState } from '../../../model/rollout/rollout-state.ts';
import { UpdateError } from '../../../model/update/update-error.ts';
import type { Outcome } from '../../../model/update/update-state.ts';
import type { OwnJobs } from '../../jobs/own-jobs.ts';
import { DeviceFetch } from '../../reach/device-fetch.ts';
import type { ListedDevice } from './listed-device.ts';
import type { PushWarnings } from './push-warnings.ts';
import { partsOf, planOf } from './push.ts';
import { nodeClock } from '../../node-ports.ts';

export interface PushManyOptions extends RolloutOptions {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What the file is called. */
  readonly fileName: string;
  readonly devices: readonly ListedDevice[];
  readonly jobs: OwnJobs;
  readonly warnings: PushWarnings;
  /** Ask for a restart into the new image. */
  readonly restart: boolean;
  /** How long to look for each device after its restart, in milliseconds; absent: as each one's own says. */
  readonly patienceMs?: number | undefined;
  readonly controls: RolloutControls;
  /** Aborts to cancel the updates that run; each device is told. */
  readonly cancelled: AbortSignal;
  /** Told of every change. */
  readonly onState: (state: RolloutState) => void;
}

export interface PushedMany {
  readonly state: RolloutState;
  readonly sha256: string;
  readonly version: string | null;
}

/** Runs a rollout to its end. What devices and network do is in its lines, not an error. */
export async function pushMany(options: PushManyOptions): Promise<PushedMany> {
  const { bytes, fileName, devices, jobs, warnings, controls, cancelled, onState, restart, patienceMs } = options;
  const { firstWave, width, stopAt } = options;
  const way = new DeviceFetch();
  const linkTo = ({ target }: ListedDevice): OpenLink =>
    openAnyLink(target, {
      ...{ fetch: way.fetch, upload: way.upload, raw: way.raw },
      signIn: (login) => new LoginSignIn(login),
      ...{ clock: nodeClock, secureContext: false, onHost: OF_HOST },
    });
  const jobOf = (device: ListedDevice): ReturnType<typeof partsOf> =>
    partsOf(device.target, { ...device, patienceMs: patienceMs ?? device.patienceMs });
  const inspection = await inspect(bytes);
  warnings.tellOfFile(
    inspection,
    devices.map(({ target }) => target),
  );
  const hash = await sha256(bytes);
  const { version, project } = statedName(inspection);
  const file = { sha256: hash, size: bytes.length, name: fileName, version, project };
  const byId = new Map(devices.map((device) => [device.id, device]));
  const firmwareFor = ({ chipId }: ListedDevice): FirmwareHere => ({ bytes, sha256: hash, inspection, chipId });

  const state = await runRollout(
    { devices: [...byId.keys()], done: new Map(), forgiven: new Set(), firstWave, width, stopAt },
    {
      clock: nodeClock,
      look: async (id) => {
        const device = deviceOf(byId, id);
        const place = jobOf(device).device;
        if (jobs.at(place) !== null) return notReady(null, new UpdateError('other-session'));
        return look(linkTo(device), firmwareFor(device), await jobs.left(place), cancelled);
      },
      // Nobody may be there to ask: it is said, as by a push to one device.
      agree: (ids) => {
        warnings.tellOfDevices(ids.map((id) => deviceOf(byId, id).name));
        return Promise.resolve(true);
      },
      update: async (id) => {
        const device = deviceOf(byId, id);
        const ended = await withCancel(cancelled, (run) =>
          jobs.run({
            ...jobOf(device),
            ...{ firmware: file, loaded: { bytes, inspection }, plan: planOf(restart), controls: run },
            ...{
              fetch: way.fetch,
              upload: way.upload,
              raw: way.raw,
              seen: (state) => warnings.tellOfState(state, device.name),
            },
          }),
        );
        return 'phase' in ended ? ended : notReady(null, new UpdateError('other-session'));
      },
    },
    controls,
    onState,
  ).finally(() => way.close());
  return { state, sha256: hash, version };
}

type FirmwareHere = Pick<UpdatePlan, 'bytes' | 'sha256' | 'inspection' | 'chipId'>;

function deviceOf(byId: ReadonlyMap<string, ListedDevice>, id: string): ListedDevice {
  const device = byId.get(id);
  if (device === undefined) throw new Error(`a rollout to a device that is not on the list: ${id}`);
  return device;
}

async function look(
  open: OpenLink,
  firmware: FirmwareHere,
  journal: JournalEntry | null,
  signal: AbortSignal,
): Promise<Readiness> {
  const options = { signal, timeoutMs: LOOK_TIMEOUT_MS };
  try {
    const link = await open(options);
    if (isWholeImage(link)) return readinessOfWhole(firmware, link.dialect, await link.identify(options));
    const { dialect, tellsStatus } = link;
    const status = tellsStatus ? await link.status(options) : null;
    return readiness(firmware, { dialect, status, journal, date: nodeClock.date() });
  } catch (error) {
    if (!(error instanceof UpdateError)) throw error;
    // Nothing was found out about it; it has not started when the rollout ends.
    if (signal.aborted) return { kind: 'ready' };
    return notReady(null, error);
  }
}

/** Does `work` with controls that cancel when `cancelled` aborts. */
async function withCancel<T>(cancelled: AbortSignal, work: (controls: UpdateControls) => Promise<T>): Promise<T> {
  const controls = new UpdateControls();
  const cancel = (): void => controls.cancel();
  if (cancelled.aborted) cancel();
  cancelled.addEventListener('abort', cancel, { once: true });
  try {
    return await work(controls);
  } finally {
    cancelled.removeEventListener('abort', cancel);
  }
}

/** Why this device is left out, in words. */
export function skipReasonFor(why: SkipReason, { name }: ListedDevice): string {
  return skipReasonInWords(why, { device: name, version: null }, describe);
}

/** What an outcome of this device means, in words. */
export function outcomeInWords(
  outcome: Outcome,
  device: ListedDevice,
  version: string | null,
): ReturnType<typeof describe> {
  return describe(outcome, { device: device.name, version });
}
