/** `moult push FILE --devices LIST`: progress on standard error, the result on standard output. */
import {
  countRollout,
  wentWell,
  type RolloutLine,
  type RolloutState,
  type StopMark,
  MOST_AT_ONCE,
} from '../../model/rollout/rollout-state.ts';
import { RolloutControls } from '../../rollout/controls.ts';
import { OUTCOME_WORDS } from '../../words/update/describe.ts';
import type { ChunkSizes } from '../reach/chunk-sizes.ts';
import { readDeviceList } from './device-list.ts';
import type { ListedDevice } from './listed-device.ts';
import { outcomeInWords, pushMany, whyLeftOut, type PushedMany } from './push-many.ts';
import { PushWarnings } from './push-warnings.ts';
import { UsageError, wholeNumber } from './usage.ts';

export const PUSH_MANY_USAGE = `moult push FILE --devices LIST.json
  --first-wave N           devices that go first; if not all of them go well, the rest is left as it is (1; 0: none)
  --at-once N              how many at once (found out while it runs)
  --stop-after N           start nothing new after so many failures (3; 0: never), or after a share of those that
                           ended, from the fifth on: 25%
  --no-restart, --json, --patience SECONDS   as above
  LIST.json                [{"address": "192.168.1.50", "name": "Kitchen", "tokenEnv": "KITCHEN_TOKEN"}, …]
                           "tokenEnv" names the environment variable with the device's token (MOULT_TOKEN); "token"
                           holds it, in a file that only you can read (chmod 600); also "tokenHeader", "protocol",
                           "chip" ("ESP32-S3", or its id in images): a file for another chip is left out; "user" as
                           --user, "passwordEnv" for another variable than MOULT_PASSWORD. Or the file that the page saves
                           under "More"; the passphrase of its tokens is in MOULT_PASSPHRASE
  exit status              0 every device updated, accepted or ready; 1 any other; 3 a file that cannot be read`;

export interface PushManyArguments {
  readonly file: string;
  readonly list: string;
  readonly sizes: ChunkSizes;
  readonly bytes: () => Promise<Uint8Array<ArrayBuffer> | null>;
  readonly restart: boolean;
  readonly patienceMs: number;
  readonly json: boolean;
  readonly firstWave: string;
  readonly atOnce: string | undefined;
  readonly stopAfter: string;
}

const MOST = 9_999;
const NOT_ALL = 1;
const UNREADABLE = 3;

export async function pushManyCommand(given: PushManyArguments, print: (text: string) => void): Promise<number> {
  const firstWave = wholeNumber('first-wave', given.firstWave, 0, MOST);
  const width = given.atOnce === undefined ? null : wholeNumber('at-once', given.atOnce, 1, MOST_AT_ONCE);
  const stopAt = stopMark(given.stopAfter);
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
    const pushed = await pushMany({
      ...{ bytes, devices, controls, firstWave, width, stopAt },
      sizes: given.sizes,
      warnings: new PushWarnings(),
      restart: given.restart,
      patienceMs: given.patienceMs,
      cancelled: cancel.signal,
      onState: (state) => {
        if (!given.json) follow(state);
      },
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

/** Whether an argument belongs to one device only: a list says that for each of its own. */
export function refuseOneDeviceOptions(values: Readonly<Record<string, unknown>>): void {
  if (values['host'] !== undefined) throw new UsageError('--host takes one device, with --device.');
  for (const option of ['device', 'token-env', 'user'] as const) {
    if (values[option] !== undefined) throw new UsageError(`--${option} is for one device; the list says it for each.`);
  }
}

function isWell(line: RolloutLine): boolean {
  return line.kind === 'ended' && wentWell(line.outcome);
}

/** A line for each device that starts, ends or is left out, with how many are done. */
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
      process.stderr.write(`[${total - waiting - running} of ${total}] ${name}: ${said}\n`);
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
      return 'updating';
    case 'left-out':
      return `left out. ${whyLeftOut(line.why, device)}`;
    case 'ended':
      return OUTCOME_WORDS[line.outcome];
  }
}

function inWords(devices: readonly ListedDevice[], { state, version }: PushedMany): string {
  const { total, well, failed, cancelled, leftOut, notStarted } = countRollout(state.lines);
  const needing = devices.flatMap((device) => {
    const line = state.lines.get(device.id);
    if (line === undefined || isWell(line)) return [];
    if (line.kind === 'left-out') return [`${device.name}: left out. ${whyLeftOut(line.why, device)}`];
    if (line.kind !== 'ended' || line.whole === null) return [`${device.name}: not started.`];
    const { title, detail } = outcomeInWords(line.whole, device, version);
    return [`${device.name}: ${title}. ${detail}`];
  });
  const sum = [
    `${well} of ${total} went well`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
    ...(leftOut > 0 ? [`${leftOut} left out`] : []),
    ...(notStarted > 0 ? [`${notStarted} not started`] : []),
  ].join(', ');
  return [...needing, `${sum}.`].join('\n');
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
    counts: countRollout(state.lines),
    devices: devices.map((device) => {
      const line = state.lines.get(device.id);
      const whole = line?.kind === 'ended' ? line.whole : null;
      const words = whole === null ? null : outcomeInWords(whole, device, version);
      return {
        name: device.name,
        address: device.target.origin,
        result: line?.kind === 'ended' ? line.outcome : (line?.kind ?? 'not-started'),
        because: line?.kind === 'left-out' ? line.why.because : null,
        code: whole?.outcome === 'failed' ? whole.code : null,
        detail: line?.kind === 'left-out' ? whyLeftOut(line.why, device) : (words?.detail ?? null),
        dialect: whole?.dialect ?? null,
        acknowledged: whole?.progress.acknowledged ?? 0,
        retries: whole?.progress.retries ?? 0,
        durationMs: whole === null ? null : Math.round(whole.durationMs),
      };
    }),
  };
}
