/** The report of one update: what was there, what happened, every request. What is said around it: `help-report.ts`. */
import type { Device } from '../../model/device/device.ts';
import type { Dialect } from '../../model/device/dialect.ts';
import type { RequestRecord } from '../../model/device/request-record.ts';
import type { FirmwareName } from '../../model/firmware/firmware-record.ts';
import type { ActiveState, Outcome } from '../../model/update/update-state.ts';
import { counted, plural } from '../kit/locale.ts';
import { OUTCOME_WORDS } from '../update/outcome-words.ts';
import type { Words } from '../update/told.ts';

/** What the page knows of itself. */
export interface ReportSurroundings {
  /** Of the app. */
  readonly version: string;
  /** What the browser calls itself. */
  readonly browser: string;
  /** Where the page came from: its origin. */
  readonly page: string;
  /** Whether the browser trusts it as it does an encrypted page: also one from this very computer. */
  readonly secure: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What is told of an update. */
export interface ReportedRun {
  readonly device: Device;
  readonly firmware: FirmwareName & { readonly project: string | null; readonly size: number };
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** On the page's clock, as the moments of the requests are. */
  readonly began: number;
  /** `at`: milliseconds since the start. */
  readonly phases: readonly { readonly phase: ActiveState['phase']; readonly at: number }[];
  /** The latest ones, oldest first; `forgotten`: how many came before them. */
  readonly requests: readonly RequestRecord[];
  readonly forgotten: number;
  /** Null: it still runs. */
  readonly ended: { readonly state: Outcome; readonly words: Words } | null;
}

/** Lines of plain text. `masked` takes out of a person's or a device's words what is not to be told. */
export function reportText(run: ReportedRun, around: ReportSurroundings, masked: (said: string) => string): string {
  const { device, ended } = run;
  return [
    'Moult: report of an update',
    `Made:     ${new Date(around.now).toISOString()}`,
    `Moult:    ${around.version}, page from ${around.page} (${connectionOf(around)})`,
    `Browser:  ${around.browser}`,
    ...ofDevice({ ...device, name: masked(device.name) }, ended?.state.dialect ?? device.dialect),
    ...ofFirmware(run),
    '',
    ...ofOutcome(run, masked),
    '',
    'Timeline, in seconds since the start',
    ...timeline(run),
    '',
  ].join('\n');
}

function connectionOf({ page, secure }: ReportSurroundings): string {
  if (page.startsWith('https:')) return 'encrypted';
  return secure ? 'not encrypted, but of this computer itself' : 'not encrypted';
}

function ofDevice(device: Device, dialect: Dialect | null): string[] {
  const { name, origin, prefix, protocol, chipId, route, tokenHeader, runs } = device;
  const spoken = dialect ?? 'not found out';
  const reached = route === null ? 'not reached yet' : route === 'gateway' ? 'through the gateway' : 'directly';
  const ran = runs === null ? 'not known' : `${runs.version ?? 'no version stated'}, SHA-256 ${runs.sha256}`;
  return [
    `Device:   ${name}, at ${origin}, path ${prefix}`,
    `Protocol: ${protocol}, spoken to as: ${spoken}, ${reached}, token header ${tokenHeader}`,
    `Chip id:  ${chipId ?? 'not known'}`,
    `Runs:     ${ran}`,
  ];
}

function ofFirmware({ firmware }: ReportedRun): string[] {
  const { name, version, project, size, sha256 } = firmware;
  return [
    `Firmware: ${name}, version ${version ?? 'not stated'}, project ${project ?? 'not stated'}, ${inBytes(size)}`,
    `SHA-256:  ${sha256}`,
  ];
}

function ofOutcome({ ended, startedAt }: ReportedRun, masked: (said: string) => string): string[] {
  const began = `Began:    ${new Date(startedAt).toISOString()}`;
  if (ended === null) return [began, 'Outcome:  still running'];
  const { state, words } = ended;
  const { acknowledged, total, retries, sessionRestarts, chunkBytes, blockSize, slot, capacityBytes } = state.progress;
  const code =
    state.outcome === 'failed'
      ? ` (${state.code} while ${state.during}${state.status === null ? '' : `, HTTP ${state.status}`})`
      : '';
  return [
    began,
    `Outcome:  ${OUTCOME_WORDS[state.outcome]}${code}, after ${seconds(state.durationMs)} s`,
    `Said:     ${masked(words.detail)}`,
    `Written:  ${acknowledged} of ${inBytes(total)} acknowledged, ${counted(retries, 'part', 'parts')} sent again, started over ${plural(sessionRestarts, 'once', `${sessionRestarts} times`)}`,
    `Sizes:    chunk ${chunkBytes}, block ${blockSize}, slot ${slot ?? 'not told'} of ${capacityBytes === null ? 'unknown size' : inBytes(capacityBytes)}`,
  ];
}

function timeline({ phases, requests, forgotten, began }: ReportedRun): string[] {
  const events = [
    ...phases.map((phase) => ({ at: phase.at, line: ofPhase(phase) })),
    ...requests.map((request) => ({ at: request.startedAt - began, line: ofRequest(request) })),
  ].sort((a, b) => a.at - b.at);
  const lines = events.map(({ at, line }) => `${seconds(at).padStart(9)}  ${line}`);
  return [...(forgotten === 0 ? [] : [`(${forgotten} earlier requests are no longer remembered)`]), ...lines];
}

/** Without separators: whoever helps may search for it in the device's log. */
function inBytes(count: number): string {
  return `${count} ${plural(count, 'byte', 'bytes')}`;
}

function ofPhase({ phase }: ReportedRun['phases'][number]): string {
  return `-- ${phase}`;
}

function ofRequest({ kind, method, path, bytes, durationMs, status, code }: RequestRecord): string {
  const how = status === null ? 'no answer' : String(status);
  return `${method.padEnd(4)} ${kind} ${path}, ${inBytes(bytes)}, ${Math.round(durationMs)} ms, ${how}${code === null ? '' : `, ${code}`}`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}
