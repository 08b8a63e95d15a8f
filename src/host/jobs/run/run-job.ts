/** Runs one job: the page's own engine, over the host's own connections. */
import { openAnyLink } from '../../../device/open-link.ts';
import { LoginSignIn } from '../../../device/sign-in/sign-in.ts';
import type { LinkDeps } from '../../../device/link-deps.ts';
import { OF_HOST } from '../../../device/whole-image/of-host.ts';
import { deviceUrl, type DeviceTarget } from '../../../device/target.ts';
import type { Clock } from '../../../model/clock.ts';
import { placeOf, type Route } from '../../../model/device/device.ts';
import type { OpenLink } from '../../../model/device/whole-image-link.ts';
import type { Secrets } from '../../../model/device/secrets/secrets.ts';
import type { Journal } from '../../../model/update/journal.ts';
import type { Outcome, OutcomeName } from '../../../model/update/update-state.ts';
import type { JobDevice } from '../../../model/jobs/job.ts';
import { noProgress } from '../../../model/update/nothing-sent.ts';
import type { UpdateControls } from '../../../update/controls.ts';
import { runAnyUpdate } from '../../../update/run-any-update.ts';
import { alwaysOnline } from '../../node-ports.ts';
import type { ChunkSizes } from '../../reach/chunk-sizes.ts';
import type { JobNetwork, JobWays } from './job-fetch.ts';
import type { Entry, JobList, RecordChange } from '../job-list.ts';
import type { Lease } from './loaded-firmware.ts';
import { STATUS_ROUTE } from '../../../model/device/status-route.ts';

export interface RunParts {
  readonly list: JobList;
  readonly ways: Pick<JobWays, 'fetchFor' | 'uploadFor' | 'rawFor'>;
  /** What `ways` take: gateway paths, or a device's own addresses. */
  readonly route: Route;
  readonly journal: Journal;
  readonly sizes: ChunkSizes;
  readonly clock: Clock;
  /** Whether the host is about to end: then the update is left where it stands. */
  readonly isStopping: () => boolean;
}

/** The gateway path by which a device is known: that of its status, which is as good as any. */
export function statusUrl(device: Pick<JobDevice, 'origin' | 'prefix'>): string {
  return deviceUrl({ origin: device.origin, viaGateway: '' }, device.prefix + STATUS_ROUTE);
}

const OVER: ReadonlySet<OutcomeName> = new Set([
  'updated',
  'accepted',
  'staged',
  'rolled-back',
  'rejected',
  'cancelled',
]);

/** Whether the update is over with this outcome: its secrets are forgotten, and whoever starts it again brings them. */
export function isOver(outcome: OutcomeName): boolean {
  return OVER.has(outcome);
}

/** A job's device, as links know it. */
export function targetOf(
  { origin, prefix, protocol, dialect, tokenHeader }: JobDevice,
  secrets: Secrets | null,
  route: Route,
): DeviceTarget {
  return {
    ...{ origin, prefix, protocol, dialect, tokenHeader },
    viaGateway: route === 'gateway' ? '' : null,
    token: secrets?.token ?? '',
    login: secrets?.login ?? null,
  };
}

/** What a host has for its links. */
export function linkDeps(network: JobNetwork, { ways, clock }: Pick<RunParts, 'ways' | 'clock'>): LinkDeps {
  return {
    ...{ fetch: ways.fetchFor(network), upload: ways.uploadFor(network), raw: ways.rawFor(network) },
    signIn: (login) => new LoginSignIn(login),
    ...{ clock, secureContext: false, onHost: OF_HOST },
  };
}

/** Speaks to a device, as the gateway does for pages where `ways` take its paths: with the same answers, limits and refusals. */
export function openFor(
  device: JobDevice,
  secrets: Secrets | null,
  network: JobNetwork,
  { route, ...parts }: Pick<RunParts, 'ways' | 'route' | 'clock'>,
): OpenLink {
  return openAnyLink(targetOf(device, secrets, route), linkDeps(network, parts));
}

/** How an update has ended, as its job is to say it. */
export interface EndedRun {
  readonly update: Outcome;
  readonly standing: { readonly kind: 'ended'; readonly outcome: Outcome };
  /** As `Job.endedAt`. */
  readonly endedAt: number;
}

/**
 * Resolves when the update has ended, which is still to be told (`tellEnd`) and to be learned from (`learnFrom`); null:
 * the host is about to end, and left it where it stands. Throws for a defect only.
 */
export async function runJob(
  entry: Entry,
  { bytes, inspection }: Lease,
  controls: UpdateControls,
  { list, ways, route, journal, sizes, clock, isStopping }: RunParts,
): Promise<EndedRun | null> {
  const { job, network } = entry.record;
  const { device, plan, firmware } = job;
  const { origin, chipId, patienceMs } = device;
  const chunkBytes = (await sizes.of(origin)).direct;
  const states = runAnyUpdate(
    {
      ...{ ...plan, deviceId: placeOf(device), bytes, sha256: firmware.sha256, inspection, chipId },
      ...(patienceMs === undefined ? {} : { patienceMs }),
      chunkBytes: chunkBytes === undefined ? {} : { [route]: chunkBytes },
    },
    {
      open: openFor(device, entry.secrets, network, { ways, route, clock }),
      ...{ clock, random: () => Math.random(), journal, connectivity: alwaysOnline, sendsOnce: true },
    },
    controls,
  );
  let ended: EndedRun | null = null;
  for await (const state of states) {
    if (state.phase === 'ended') {
      ended = endedAs(state, clock.date());
      continue;
    }
    list.change(entry, { update: state });
    if (isStopping()) return null;
  }
  return ended;
}

/** What a job's end makes of its record. */
export function recordAtEnd(end: EndedRun): RecordChange {
  return isOver(end.update.outcome) ? [{ ...end, keepsSecrets: false }, { sealed: null }] : [end, {}];
}

/** Tells how the job's update has ended. */
export function tellEnd(list: JobList, entry: Entry, end: EndedRun): void {
  if (isOver(end.update.outcome)) entry.secrets = null;
  list.change(entry, ...recordAtEnd(end));
}

/** Remembers what chunks the device took. Resolves when that is kept, or cannot be: it may have to wait for others. */
export async function learnFrom(sizes: ChunkSizes, { record }: Entry, { update }: EndedRun): Promise<void> {
  await sizes.learn(record.job.device.origin, update.progress);
}

/** How a job ends at `endedAt` that is cancelled before its turn. */
export function cancelledInQueue({ record: { job } }: Entry, endedAt: number): EndedRun {
  const outcome: Outcome = {
    phase: 'ended',
    outcome: 'cancelled',
    dialect: job.update?.dialect ?? null,
    progress: job.update?.progress ?? noProgress(job.firmware.size),
    durationMs: 0,
    deviceIdle: null,
    // A run before this one may have got that far.
    oldFirmware: job.startedAt === null ? 'runs' : 'unknown',
    begun: job.startedAt !== null,
  };
  return endedAs(outcome, endedAt);
}

function endedAs(outcome: Outcome, endedAt: number): EndedRun {
  return { update: outcome, standing: { kind: 'ended', outcome }, endedAt };
}
