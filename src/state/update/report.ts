/** A text about one update for whoever helps: what was there, what happened, every request. Never a token. */
import type { Device } from '../../model/device/device.ts';
import type { RequestRecord } from '../../model/device/request-record.ts';
import type { Dialect } from '../../model/device/dialect.ts';
import { outcomeWords } from './history-search.ts';
import { withoutAnyAddress, withoutHosts } from './report-masks.ts';
import type { RunRecord, SeenPhase } from './run-record.ts';

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

export interface ReportOptions {
  /** Whether addresses stand in it whole; otherwise only their kind and port. */
  readonly addresses: boolean;
}

export function helpReport(run: RunRecord, around: ReportSurroundings, options: ReportOptions): string {
  // The app's own words about versions look like addresses, and are none; a device's and a person's may be some.
  const said = options.addresses ? (text: string) => text : withoutAnyAddress;
  const text = [
    'Moult: report of an update',
    `Made:     ${new Date(around.now).toISOString()}`,
    `Moult:    ${around.version}, page from ${around.page} (${connectionOf(around)})`,
    `Browser:  ${around.browser}`,
    ...ofDevice({ ...run.device, name: said(run.device.name) }, run.ended?.state.dialect ?? run.device.dialect),
    ...ofFirmware(run),
    '',
    ...ofOutcome(run, said),
    '',
    'Timeline, in seconds since the start',
    ...timeline(run),
    '',
  ].join('\n');
  return options.addresses ? text : withoutHosts(text, [run.device.origin, around.page], run.device.typed);
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

function ofFirmware({ firmware }: RunRecord): string[] {
  const { name, version, project, size, sha256 } = firmware;
  return [
    `Firmware: ${name}, version ${version ?? 'not stated'}, project ${project ?? 'not stated'}, ${size} bytes`,
    `SHA-256:  ${sha256}`,
  ];
}

function ofOutcome({ ended, startedAt }: RunRecord, said: (text: string) => string): string[] {
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
    `Outcome:  ${outcomeWords(state.outcome)}${code}, after ${seconds(state.durationMs)} s`,
    `Said:     ${said(words.detail)}`,
    `Written:  ${acknowledged} of ${total} bytes acknowledged, ${retries} retries, started over ${sessionRestarts} times`,
    `Sizes:    chunk ${chunkBytes}, block ${blockSize}, slot ${slot ?? 'not told'} of ${capacityBytes ?? 'unknown'} bytes`,
  ];
}

function timeline({ phases, requests, forgotten, began }: RunRecord): string[] {
  const events = [
    ...phases.map((phase) => ({ at: phase.at, line: ofPhase(phase) })),
    ...requests.map((request) => ({ at: request.startedAt - began, line: ofRequest(request) })),
  ].sort((a, b) => a.at - b.at);
  const lines = events.map(({ at, line }) => `${seconds(at).padStart(9)}  ${line}`);
  return [...(forgotten === 0 ? [] : [`(${forgotten} earlier requests are no longer remembered)`]), ...lines];
}

function ofPhase({ phase }: SeenPhase): string {
  return `-- ${phase}`;
}

function ofRequest({ kind, method, path, bytes, durationMs, status, code }: RequestRecord): string {
  const how = status === null ? 'no answer' : String(status);
  return `${method.padEnd(4)} ${kind} ${path}, ${bytes} bytes, ${Math.round(durationMs)} ms, ${how}${code === null ? '' : `, ${code}`}`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}
