/** `moult push`: sends a firmware to a device, or to a list of them, from the terminal or a build script. */
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseAddress } from '../../../device/address.ts';
import type { DeviceTarget } from '../../../device/target.ts';
import { PASSWORD_VARIABLE, TOKEN_VARIABLE } from '../../../model/host/environment.ts';
import { MAY_OVERRULE } from '../../../model/firmware/fit.ts';
import type { ReasonCode } from '../../../model/firmware/finding.ts';
import { notReadText, outcomeLine, progressLine, sendAnywayText, tooLargeText } from '../../../words/cli/push.ts';
import { UpdateControls } from '../../../update/controls.ts';
import type { OutcomeName, UpdateState } from '../../../model/update/update-state.ts';
import type { Words } from '../../../words/update/told.ts';
import { OwnJobs } from '../../jobs/own-jobs.ts';
import { loginOf } from '../login.ts';
import { push, type Pushed } from './push.ts';
import { HostError } from './host-client.ts';
import { pushToHost } from './push-to-host.ts';
import { PushWarnings } from './push-warnings.ts';
import { pushManyCommand, refuseListOptions, refuseOneDeviceOptions } from './push-many-command.ts';
import { readFirmwareFile } from '../read-firmware-file.ts';
import { oneOf, parsed, UsageError, wholeNumber } from '../usage.ts';
import { userDataFolder } from '../../data/user-data.ts';
import { PROTOCOLS, usualPort } from '../../../model/device/dialect.ts';
import { DEFAULT_TOKEN_HEADER, wrongInTokenHeader } from '../../../model/device/secrets/token-header.ts';
import { LONGEST_PATIENCE_MS } from '../../../model/update/restart-patience.ts';

const GOOD: ReadonlySet<OutcomeName> = new Set(['updated', 'accepted', 'staged']);
const NOT_UPDATED = 1;
const UNREADABLE = 3;
/** Without a terminal the lines end up in a log: one a second tells enough. */
const LINE_EVERY_MS = 1_000;

export async function pushCommand(
  args: readonly string[],
  print: (text: string) => void = console.log,
  complain: (text: string) => void = console.error,
): Promise<number> {
  if (args.some((arg) => /^--token(=|$)/.test(arg))) throw new UsageError({ kind: 'token-as-argument' });
  if (args.some((arg) => /^--password(=|$)/.test(arg))) throw new UsageError({ kind: 'password-as-argument' });
  const { values, positionals } = parsed(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        device: { type: 'string' },
        devices: { type: 'string' },
        'first-wave': { type: 'string' },
        'at-once': { type: 'string' },
        'stop-after': { type: 'string' },
        'token-env': { type: 'string' },
        'token-header': { type: 'string' },
        user: { type: 'string' },
        protocol: { type: 'string' },
        patience: { type: 'string' },
        'send-anyway': { type: 'string', multiple: true },
        host: { type: 'string' },
        data: { type: 'string' },
        'no-restart': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    }),
  );
  const patienceMs = patienceFrom(values.patience);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError({ kind: 'push-without-file' });
  const read = (): Promise<Uint8Array<ArrayBuffer> | null> => readFirmware(file);
  const host = values.host === undefined ? null : originOf(values.host);
  const jobs = (): OwnJobs => OwnJobs.open(resolve(values.data ?? userDataFolder()), complain);
  if (values.devices !== undefined) {
    refuseOneDeviceOptions(values);
    const { devices: list, 'first-wave': firstWave, 'at-once': atOnce, 'stop-after': stopAfter, json } = values;
    const restart = !values['no-restart'];
    const many = { file, list, bytes: read, jobs, restart, patienceMs, json, firstWave, atOnce, stopAfter, host };
    return saidBy(pushManyCommand(many, print));
  }
  if (values.device === undefined) throw new UsageError({ kind: 'push-without-device' });
  refuseListOptions(values);
  const protocol = oneOf('protocol', values.protocol ?? 'automatic', PROTOCOLS);
  const address = parseAddress(values.device, usualPort(protocol));
  if (address.kind !== 'address') throw new UsageError({ kind: 'wrong-address', wrong: address });
  const tokenHeader = values['token-header'] ?? DEFAULT_TOKEN_HEADER;
  const header = wrongInTokenHeader(tokenHeader);
  if (header !== null) throw new UsageError({ kind: 'wrong-header', wrong: header });
  const { origin, prefix, hasPath } = address;
  const secrets = secretsFrom(values, protocol);
  const target: DeviceTarget = {
    origin,
    prefix,
    protocol,
    dialect: null,
    tokenHeader,
    ...secrets,
  };

  const overruled = (values['send-anyway'] ?? []).map((reason) => oneOf('send-anyway', reason, MAY_OVERRULE));
  const bytes = await read();
  if (bytes === null) return UNREADABLE;
  const progress = values.json ? null : new Progress();
  const pushed = await withInterrupts((controls) => {
    const asked = {
      bytes,
      fileName: basename(file),
      name: values.device ?? '',
      target,
      restart: !values['no-restart'],
      patienceMs,
      overruled,
      controls,
      warnings: new PushWarnings(),
      onState: (state: UpdateState, words: Words) => progress?.show(state, words),
    };
    return host === null ? push({ ...asked, findsPrefix: !hasPath, jobs: jobs() }) : pushToHost({ ...asked, host });
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
  else print(outcomeLine(pushed.words.title, pushed.words.detail));
  const mayOverrule = reasonToOverrule(pushed.outcome);
  if (mayOverrule !== null && !values.json) complain(sendAnywayText(mayOverrule));
  return GOOD.has(pushed.outcome.outcome) ? 0 : NOT_UPDATED;
}

/** Prints why the host refused, where it did. */
async function saidBy(work: Promise<number>): Promise<number> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    console.error(error.message);
    return NOT_UPDATED;
  }
}

/** In milliseconds; undefined where nothing was typed: then each device has its own. */
function patienceFrom(seconds: string | undefined): number | undefined {
  return seconds === undefined ? undefined : wholeNumber('patience', seconds, 1, LONGEST_PATIENCE_MS / 1000) * 1000;
}

/** Null, and said why, where it cannot be read. */
async function readFirmware(file: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const read = await readFirmwareFile(file);
  if (read.kind === 'read') return read.bytes;
  console.error(read.kind === 'too-large' ? tooLargeText(file) : notReadText(file, read.said));
  return null;
}

/** "http://localhost:6685", of what was typed. */
function originOf(url: string): string {
  if (URL.canParse(url) && /^https?:\/\//.test(url)) return new URL(url).origin;
  throw new UsageError({ kind: 'no-host-address', text: url });
}

function tokenFrom(variable: string | undefined): string {
  const token = process.env[variable ?? TOKEN_VARIABLE];
  if (token !== undefined) return token.trim();
  if (variable === undefined) return '';
  throw new UsageError({ kind: 'no-such-variable', variable });
}

function secretsFrom(
  { user, 'token-env': variable }: { readonly user?: string | undefined; readonly 'token-env'?: string | undefined },
  protocol: DeviceTarget['protocol'],
): Pick<DeviceTarget, 'token' | 'login'> {
  const token = tokenFrom(variable);
  if (user === undefined) return { token, login: null };
  const asked = loginOf({ user, variable: PASSWORD_VARIABLE, protocol, token, env: process.env });
  if (asked.kind === 'wrong') throw new UsageError({ kind: 'user', problem: asked.problem });
  return { token: asked.token, login: asked.login };
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
    const line = progressLine(words.title, state.progress);
    process.stderr.write(this.#terminal ? `\r\u001b[2K${line}` : `${line}\n`);
  }

  end(): void {
    if (this.#terminal) process.stderr.write('\r\u001b[2K');
  }
}

/** What the person may know better about; null: nothing. */
function reasonToOverrule(outcome: Pushed['outcome']): ReasonCode | null {
  const judgement = outcome.outcome === 'failed' ? outcome.judgement : null;
  return judgement?.canOverrule === true ? judgement.finding.reason : null;
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
    mayOverrule: reasonToOverrule(outcome),
    slot: 'slot' in outcome ? outcome.slot : null,
    dialect: outcome.dialect,
    acknowledged: outcome.progress.acknowledged,
    retries: outcome.progress.retries,
    durationMs: Math.round(outcome.durationMs),
  };
}
