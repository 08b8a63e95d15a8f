/** `moult push FILE --devices LIST`: progress on standard error, the result on standard output. */
import { basename } from 'node:path';
import {
  countRollout,
  wentWell,
  type RolloutLine,
  type RolloutState,
  type StopMark,
  MOST_AT_ONCE,
} from '../../../model/rollout/rollout-state.ts';
import { RolloutControls } from '../../../rollout/controls.ts';
import {
  skippedLine,
  NOT_STARTED,
  ofDevice,
  outcomeLine,
  rolloutLine,
  rolloutSum,
  UPDATING,
} from '../../../words/cli/push.ts';
import { handedOverText } from '../../../words/host/jobs.ts';
import { OUTCOME_WORDS } from '../../../words/update/outcome-words.ts';
import type { OwnJobs } from '../../jobs/own-jobs.ts';
import { readDeviceList } from './device-list.ts';
import type { ListedDevice } from './listed-device.ts';
import { outcomeInWords, pushMany, skipReasonFor, type PushedMany } from './push-many.ts';
import { PushWarnings } from './push-warnings.ts';
import { pushManyToHost } from './push-many-to-host.ts';
import { UsageError, wholeNumber } from '../usage.ts';

export interface PushManyArguments {
  readonly file: string;
  readonly list: string;
  readonly jobs: () => OwnJobs;
  readonly bytes: () => Promise<Uint8Array<ArrayBuffer> | null>;
  readonly restart: boolean;
  /** Undefined: `--patience` was not given. */
  readonly patienceMs: number | undefined;
  readonly json: boolean;
  readonly firstWave: string | undefined;
  readonly atOnce: string | undefined;
  readonly stopAfter: string | undefined;
  /** The host that does it; null: this process. */
  readonly host: string | null;
}

const MOST = 9_999;
const NOT_ALL = 1;
const UNREADABLE = 3;

export async function pushManyCommand(given: PushManyArguments, print: (text: string) => void): Promise<number> {
  const firstWave = wholeNumber('first-wave', given.firstWave ?? '1', 0, MOST);
  const width = given.atOnce === undefined ? null : wholeNumber('at-once', given.atOnce, 1, MOST_AT_ONCE);
  const stopAt = stopMark(given.stopAfter ?? '3');
  const devices = await readDeviceList(given.list, process.env);
  const bytes = await given.bytes();
  if (bytes === null) return UNREADABLE;

  const controls = new RolloutControls();
  // Nobody is there to ask: a first wave that did not go well ends it.
  controls.answerFirstWave('stop');
  const cancel = new AbortController();
  const stop = (): void => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    controls.finish();
    cancel.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    const follow = follower(devices);
    const { host, jobs, json, restart, patienceMs } = given;
    const asked = {
      ...{ bytes, devices, firstWave, width, stopAt, restart, patienceMs, fileName: basename(given.file) },
      warnings: new PushWarnings(),
      cancelled: cancel.signal,
      onState: (state: RolloutState) => {
        if (!json) follow(state);
      },
    };
    const pushed =
      host === null
        ? await pushMany({ ...asked, jobs: jobs(), controls })
        : await pushManyToHost({
            ...{ ...asked, host },
            onHandedOver: () => void process.stderr.write(`${handedOverText(devices.length)}\n`),
          });
    if (given.json) print(JSON.stringify(report(given.file, bytes.length, devices, pushed), null, 2));
    else print(inWords(devices, pushed));
    return [...pushed.state.lines.values()].every(isWell) ? 0 : NOT_ALL;
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

function stopMark(text: string): StopMark {
  if (text.endsWith('%')) return { failures: null, share: wholeNumber('stop-after', text.slice(0, -1), 1, 100) / 100 };
  const failures = wholeNumber('stop-after', text, 0, MOST);
  return { failures: failures === 0 ? null : failures, share: null };
}

/** Refuses options that are for one device: a list states them for each of its own. */
export function refuseOneDeviceOptions(values: Readonly<Record<string, unknown>>): void {
  for (const option of ['device', 'token-env', 'token-header', 'user', 'protocol']) {
    if (values[option] !== undefined) throw new UsageError({ kind: 'option-of-one-device', option });
  }
  if (values['send-anyway'] !== undefined) throw new UsageError({ kind: 'not-for-many', option: 'send-anyway' });
}

/** Refuses options that say how many devices are updated at a time: there is only one. */
export function refuseListOptions(values: Readonly<Record<string, unknown>>): void {
  for (const option of ['first-wave', 'at-once', 'stop-after']) {
    if (values[option] !== undefined) throw new UsageError({ kind: 'option-of-many', option });
  }
}

function isWell(line: RolloutLine): boolean {
  return line.kind === 'ended' && wentWell(line.outcome);
}

/** A line for each device that starts, ends or is skipped, with how many are done. */
function follower(devices: readonly ListedDevice[]): (state: RolloutState) => void {
  const told = new Map<string, string>();
  return ({ lines }) => {
    for (const device of devices) {
      const { id, name } = device;
      const line = lines.get(id);
      const said = line === undefined ? null : progressOf(line, device);
      if (said === null || told.get(id) === said) continue;
      told.set(id, said);
      const { total, waiting, running } = countRollout(lines);
      process.stderr.write(`${rolloutLine(total - waiting - running, total, name, said)}\n`);
    }
  };
}

function progressOf(line: RolloutLine, device: ListedDevice): string | null {
  switch (line.kind) {
    case 'waiting':
    case 'looking':
    case 'not-started':
      return null;
    case 'running':
      return UPDATING;
    case 'skipped':
      return skippedLine(skipReasonFor(line.why, device));
    case 'ended':
      return OUTCOME_WORDS[line.outcome];
  }
}

function inWords(devices: readonly ListedDevice[], { state, version }: PushedMany): string {
  const needing = devices.flatMap((device) => {
    const line = state.lines.get(device.id);
    if (line === undefined || isWell(line)) return [];
    if (line.kind === 'skipped') return [ofDevice(device.name, skippedLine(skipReasonFor(line.why, device)))];
    if (line.kind !== 'ended' || line.whole === null) return [ofDevice(device.name, NOT_STARTED)];
    const { title, detail } = outcomeInWords(line.whole, device, version);
    return [ofDevice(device.name, outcomeLine(title, detail))];
  });
  return [...needing, rolloutSum(countRollout(state.lines))].join('\n');
}

/** As people are told them. */
function countsOf({ lines }: RolloutState): object {
  const { total, well, unproven, failed, cancelled, skipped, notStarted } = countRollout(lines);
  return { total, succeeded: well, unproven, failed, cancelled, skipped, notStarted };
}

function report(
  file: string,
  size: number,
  devices: readonly ListedDevice[],
  { state, sha256, version }: PushedMany,
): object {
  return {
    ...{ file, size, sha256, version },
    stopped: state.stopped,
    counts: countsOf(state),
    devices: devices.map((device) => {
      const line = state.lines.get(device.id);
      const whole = line?.kind === 'ended' ? line.whole : null;
      const words = whole === null ? null : outcomeInWords(whole, device, version);
      return {
        name: device.name,
        address: device.target.origin,
        result: line?.kind === 'ended' ? line.outcome : (line?.kind ?? 'not-started'),
        because: line?.kind === 'skipped' ? line.why.because : null,
        code: whole?.outcome === 'failed' ? whole.code : null,
        detail: line?.kind === 'skipped' ? skipReasonFor(line.why, device) : (words?.detail ?? null),
        dialect: whole?.dialect ?? null,
        acknowledged: whole?.progress.acknowledged ?? 0,
        retries: whole?.progress.retries ?? 0,
        durationMs: whole === null ? null : Math.round(whole.durationMs),
      };
    }),
  };
}
