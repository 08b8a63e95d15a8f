/** `moult push`: sends a firmware to a device, or to a list of them, from the terminal or a build script. */
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { parseAddress } from '../../device/address.ts';
import type { DeviceTarget } from '../../device/target.ts';
import { UpdateControls } from '../../update/controls.ts';
import type { OutcomeName, UpdateState } from '../../model/update/update-state.ts';
import type { Words } from '../../words/update/describe.ts';
import { TOO_LARGE_TO_READ } from '../../words/firmware/files.ts';
import { ChunkSizes } from '../reach/chunk-sizes.ts';
import { loginOf, PASSWORD_VARIABLE } from './login.ts';
import { push, type Pushed } from './push.ts';
import { HostError, pushToHost } from './push-to-host.ts';
import { PushWarnings } from './push-warnings.ts';
import { PUSH_MANY_USAGE, pushManyCommand, refuseOneDeviceOptions } from './push-many-command.ts';
import { readFirmwareFile } from './read-firmware-file.ts';
import { parsed, UsageError, wholeNumber } from './usage.ts';
import { userDataFolder } from '../data/user-data.ts';
import { PROTOCOLS } from '../../model/device/dialect.ts';

export const PUSH_USAGE = `moult push FILE --device ADDRESS
  --token-env NAME         environment variable that holds the device's token (MOULT_TOKEN)
  --token-header NAME      header that a device as shipped wants it in (X-OTA-Token)
  --user NAME              user of a device that asks for one before it looks at the token, with the password in
                           MOULT_PASSWORD; an empty NAME sends that as a bearer token (as shipped only)
  --protocol NAME          ${PROTOCOLS.join(', ')}
  --no-restart             write it and make it bootable, but do not restart
  --patience SECONDS       how long to look for the device after its restart (120)
  --host URL               hand it to a Moult host that runs, and follow it there: http://localhost:6685. It goes on
                           when this command is ended with a second Ctrl+C
  --json                   one object with the outcome, instead of words
  exit status              0 updated, accepted or ready; 1 any other outcome; 3 a file that cannot be read

${PUSH_MANY_USAGE}`;

const GOOD: ReadonlySet<OutcomeName> = new Set(['updated', 'accepted', 'staged']);
const NOT_UPDATED = 1;
const UNREADABLE = 3;
/** A device that is not back after an hour is not restarting. */
const LONGEST_PATIENCE_S = 3600;
/** Without a terminal the lines end up in a log: one a second tells enough. */
const LINE_EVERY_MS = 1_000;

export async function pushCommand(
  args: readonly string[],
  print: (text: string) => void = console.log,
  sizes: ChunkSizes = new ChunkSizes(userDataFolder()),
): Promise<number> {
  if (args.some((arg) => /^--token(=|$)/.test(arg))) {
    throw new UsageError(
      'A token is never an argument: every program on this machine could read it. Put it in an environment variable, and name that with --token-env.',
    );
  }
  if (args.some((arg) => /^--password(=|$)/.test(arg))) {
    throw new UsageError(
      'A password is never an argument: every program on this machine could read it. Put it in the environment variable MOULT_PASSWORD.',
    );
  }
  const { values, positionals } = parsed(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        device: { type: 'string' },
        devices: { type: 'string' },
        'first-wave': { type: 'string', default: '1' },
        'at-once': { type: 'string' },
        'stop-after': { type: 'string', default: '3' },
        'token-env': { type: 'string' },
        'token-header': { type: 'string', default: 'X-OTA-Token' },
        user: { type: 'string' },
        protocol: { type: 'string', default: 'automatic' },
        patience: { type: 'string', default: '120' },
        host: { type: 'string' },
        'no-restart': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    }),
  );
  const patience = wholeNumber('patience', values.patience, 1, LONGEST_PATIENCE_S);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw new UsageError('push takes one file: moult push FILE --device ADDRESS');
  const read = (): Promise<Uint8Array<ArrayBuffer> | null> => readFirmware(file);
  if (values.devices !== undefined) {
    refuseOneDeviceOptions(values);
    const { devices: list, 'first-wave': firstWave, 'at-once': atOnce, 'stop-after': stopAfter, json } = values;
    const restart = !values['no-restart'];
    const patienceMs = patience * 1000;
    return pushManyCommand(
      { file, list, bytes: read, sizes, restart, patienceMs, json, firstWave, atOnce, stopAfter },
      print,
    );
  }
  if (values.device === undefined) throw new UsageError('push needs a device: moult push FILE --device ADDRESS');
  const protocol = PROTOCOLS.find((one) => one === values.protocol);
  if (protocol === undefined) {
    throw new UsageError(`--protocol takes ${PROTOCOLS.join(', ')}, not "${values.protocol}".`);
  }
  const address = parseAddress(values.device);
  if (!address.ok) throw new UsageError(address.message);
  const { origin, prefix } = address;
  const target: DeviceTarget = {
    origin,
    prefix,
    protocol,
    dialect: null,
    tokenHeader: values['token-header'],
    token: tokenFrom(values['token-env']),
    login: values.user === undefined ? null : loginOf(values.user, PASSWORD_VARIABLE, protocol, '--user', process.env),
  };

  const bytes = await read();
  if (bytes === null) return UNREADABLE;
  const progress = values.json ? null : new Progress();
  const host = values.host === undefined ? null : originOf(values.host);
  const pushed = await withInterrupts((controls) => {
    const asked = {
      bytes,
      name: values.device ?? '',
      target,
      restart: !values['no-restart'],
      patienceMs: patience * 1000,
      controls,
      warnings: new PushWarnings(),
      onState: (state: UpdateState, words: Words) => progress?.show(state, words),
    };
    return host === null ? push({ ...asked, sizes }) : pushToHost({ ...asked, host, fileName: basename(file) });
  }).catch((error: unknown) => {
    if (!(error instanceof HostError)) throw error;
    return error;
  });
  progress?.end();
  if (pushed instanceof HostError) {
    console.error(pushed.message);
    return NOT_UPDATED;
  }
  if (values.json) print(JSON.stringify(report(file, values.device, bytes.length, pushed), null, 2));
  else print(`${pushed.words.title}. ${pushed.words.detail}`);
  return GOOD.has(pushed.outcome.outcome) ? 0 : NOT_UPDATED;
}

/** Null, and said why, where it cannot be read. */
async function readFirmware(file: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const read = await readFirmwareFile(file);
  if (read.ok) return read.bytes;
  console.error(`${file} cannot be read: ${read.why === 'too-large' ? TOO_LARGE_TO_READ : read.said}`);
  return null;
}

/** "http://localhost:6685", of what was typed. */
function originOf(url: string): string {
  if (URL.canParse(url) && /^https?:\/\//.test(url)) return new URL(url).origin;
  throw new UsageError(`--host takes the address of a Moult host, such as http://localhost:6685, not "${url}".`);
}

function tokenFrom(variable: string | undefined): string {
  const token = process.env[variable ?? 'MOULT_TOKEN'];
  if (token !== undefined) return token.trim();
  if (variable === undefined) return '';
  throw new UsageError(`There is no environment variable ${variable}.`);
}

/** The first Ctrl+C cancels the update, which tells the device; a second one ends the process at once. */
async function withInterrupts<T>(work: (controls: UpdateControls) => Promise<T>): Promise<T> {
  const controls = new UpdateControls();
  const cancel = (): void => {
    process.off('SIGINT', cancel);
    process.off('SIGTERM', cancel);
    controls.cancel();
  };
  process.on('SIGINT', cancel);
  process.on('SIGTERM', cancel);
  try {
    return await work(controls);
  } finally {
    process.off('SIGINT', cancel);
    process.off('SIGTERM', cancel);
  }
}

/** One line that changes in place on a terminal; elsewhere a line a second. On standard error: it is no result. */
class Progress {
  readonly #terminal = process.stderr.isTTY;
  #lastAt = Number.NEGATIVE_INFINITY;

  show(state: UpdateState, words: Words): void {
    if (state.phase === 'ended') return;
    const now = performance.now();
    if (!this.#terminal && now - this.#lastAt < LINE_EVERY_MS) return;
    this.#lastAt = now;
    const { acknowledged, total, bytesPerSecond, secondsLeft } = state.progress;
    const parts = [words.title, `${acknowledged} of ${total} bytes`];
    if (bytesPerSecond !== null) parts.push(`${Math.round(bytesPerSecond / 1024)} KiB/s`);
    if (secondsLeft !== null) parts.push(`${Math.ceil(secondsLeft)} s left`);
    const line = parts.join(', ');
    process.stderr.write(this.#terminal ? `\r\u001b[2K${line}` : `${line}\n`);
  }

  end(): void {
    if (this.#terminal) process.stderr.write('\r\u001b[2K');
  }
}

function report(file: string, device: string, size: number, { outcome, words, sha256, version }: Pushed): object {
  return {
    file,
    device,
    size,
    sha256,
    version,
    outcome: outcome.outcome,
    title: words.title,
    detail: words.detail,
    code: outcome.outcome === 'failed' ? outcome.code : null,
    slot: 'slot' in outcome ? outcome.slot : null,
    dialect: outcome.dialect,
    acknowledged: outcome.progress.acknowledged,
    retries: outcome.progress.retries,
    durationMs: Math.round(outcome.durationMs),
  };
}
