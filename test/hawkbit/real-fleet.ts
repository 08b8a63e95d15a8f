/** The devices of one case with the real hawkBit, the agent that serves them, and whether the server says what they run. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { buildApp } from '../firmware/image-builder.ts';
import { startDevice, TOKEN, type ServedSimulated } from '../host/jobs/job-host.ts';
import { sameBytes } from '../update/scripted/same-bytes.ts';
import { endOf } from './end-of.ts';
import { GATEWAY_TOKEN, type RealAction, type RealEntry, type RealHawkbit, type RealStanding } from './real-hawkbit.ts';

export const IMAGE_BYTES = 256 * 1024;
const SLOT_BYTES = 1024 * 1024;
/** The rollouts' own clock ticks every few seconds. */
const PATIENCE_MS = 180_000;
const LOOK_EVERY_MS = 250;

/** One case. At its end, what the server says of each device is compared with what it runs. */
export type Story = (title: string, tell: (fleet: RealFleet) => Promise<void>) => void;

/** Patience begins anew whenever `what` says something else. */
export async function until<T>(
  what: string | (() => string),
  ask: () => Promise<T | null | false> | T | null | false,
): Promise<T> {
  const text = typeof what === 'string' ? () => what : what;
  for (let [said, since] = [text(), performance.now()]; ;) {
    const found = await ask();
    if (found !== null && found !== false) return found;
    if (text() !== said) [said, since] = [text(), performance.now()];
    if (performance.now() > since + PATIENCE_MS) throw new Error(`waited in vain for ${said}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

let images = 0;
export function newImage(): Uint8Array<ArrayBuffer> {
  images += 1;
  return buildApp({ sizeBytes: IMAGE_BYTES, version: `2.0.${images}` });
}

/** A device that starts nothing of the size of `newImage`. */
export const bootsNoNew = (image: Uint8Array): boolean => image.length < IMAGE_BYTES / 2;

interface AgentStart {
  readonly token?: string;
  /** By how much the clock of the agent's machine is behind, in milliseconds. */
  readonly behindMs?: number;
  /** Further options of the command. */
  readonly more?: readonly string[];
}

/** The types of the entries that end an action. */
const ENDS: readonly string[] = ['finished', 'error', 'canceled'];

export class RealFleet {
  readonly hawkbit: RealHawkbit;
  readonly devices: ServedSimulated[] = [];
  /** What the agents have said. */
  said = '';
  readonly #name: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'moult-real-'));
  /** What each device ran at first. */
  readonly #first: Uint8Array[] = [];
  #agent: ChildProcess | null = null;

  /** `name`: one that no other case has. */
  constructor(hawkbit: RealHawkbit, name: string) {
    this.hawkbit = hawkbit;
    this.#name = name;
  }

  /** All of them, in a query of hawkBit's. */
  get query(): string {
    return `controllerId==${this.#name}-*`;
  }

  idOf(at: number): string {
    return `${this.#name}-${at}`;
  }

  deviceAt(at: number): ServedSimulated['device'] {
    const served = this.devices[at];
    if (served === undefined) throw new Error(`there is no device ${at}`);
    return served.device;
  }

  async add(count: number, options: (at: number) => Parameters<typeof startDevice>[0] = () => ({})): Promise<void> {
    for (let at = 0; at < count; at++) {
      const served = await startDevice({ slotBytes: SLOT_BYTES, requestBytes: 16_384, ...options(at) });
      this.devices.push(served);
      this.#first.push(served.device.runningImage);
    }
    const list = this.devices.map(({ origin }, at) => ({
      ...{ address: origin, name: `Device ${at}`, controllerId: this.idOf(at), token: TOKEN, chip: 'ESP32' },
    }));
    writeFileSync(join(this.#folder, 'devices.json'), JSON.stringify(list), { mode: 0o600 });
    const targets = list.map(({ name, controllerId }) => ({ name, controllerId }));
    await this.hawkbit.ask('POST', '/targets', targets);
  }

  start({ token = GATEWAY_TOKEN, behindMs = 0, more = [] }: AgentStart = {}): void {
    const file = (name: string): string => join(this.#folder, name);
    writeFileSync(file('token'), token, { mode: 0o600 });
    const files = ['--devices', file('devices.json'), '--token-file', file('token'), '--data', file('data')];
    const clock = `data:text/javascript,const now=Date.now;Date.now=()=>now()-${behindMs}`;
    const node = ['--import=tsx', ...(behindMs === 0 ? [] : [`--import=${clock}`])];
    const args = [...node, 'src/host/moult.ts', 'agent', '--server', this.hawkbit.origin, ...files, ...more];
    this.#agent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#agent.stdout?.setEncoding('utf8').on('data', (text: string) => (this.said += text));
  }

  /** Ends the agent. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await endOf(this.#agent, signal);
    this.#agent = null;
  }

  async close(): Promise<void> {
    await this.end('SIGTERM');
    await Promise.all(this.devices.map((device) => device.close()));
    rmSync(this.#folder, { recursive: true });
  }

  runs(at: number, image: Uint8Array): boolean {
    return sameBytes(this.deviceAt(at).runningImage, image);
  }

  /** Its last action, once it has ended. */
  ended(at: number): Promise<RealAction> {
    return until(
      () => `the end of the action of ${this.idOf(at)}; the agent said: ${this.said.slice(-800)}`,
      async () => {
        const [action] = await this.hawkbit.actionsOf(this.idOf(at));
        return action?.active === false ? action : null;
      },
    );
  }

  async cancel(at: number): Promise<void> {
    const [action] = await this.hawkbit.actionsOf(this.idOf(at));
    await this.hawkbit.ask('DELETE', `/targets/${this.idOf(at)}/actions/${action?.id}`);
  }

  /** What was said of its last action, the newest first. */
  async entriesOf(at: number): Promise<readonly RealEntry[]> {
    const [action] = await this.hawkbit.actionsOf(this.idOf(at));
    return action === undefined ? [] : this.hawkbit.entriesOf(this.idOf(at), action.id);
  }

  /** Fails where the server's own data, which its UI shows, say anything else of a device than what it runs. */
  async agree(): Promise<void> {
    for (const at of this.devices.keys()) await this.#agree(at);
  }

  async #agree(at: number): Promise<void> {
    const { hawkbit } = this;
    const id = this.idOf(at);
    const runs = this.#setAt(at);
    const [action] = await hawkbit.actionsOf(id);
    const [aim, said] = await Promise.all([
      action === undefined ? null : hawkbit.setOfAction(id, action.id),
      hawkbit.standingOf(id),
    ]);
    expect({ id, ...said }).to.deep.equal({ id, ...meant(action, aim, runs), installed: runs });
    // Only a success is of the device that runs what was assigned.
    expect(runs === aim, `${id}: ${action?.status}`).to.equal(action === undefined || action.status === 'finished');
    const ends = (await this.entriesOf(at)).map(({ type }) => type).filter((type) => ENDS.includes(type));
    expect(ends, id).to.deep.equal(ENDS.filter((end) => action?.active === false && end === action.status));
  }

  /** The set whose image the device runs; null: what it ran at first. */
  #setAt(at: number): number | null {
    for (const [set, image] of this.hawkbit.images) if (this.runs(at, image)) return set;
    if (this.runs(at, this.#first[at] ?? new Uint8Array())) return null;
    throw new Error(`${this.idOf(at)} runs something that nobody assigned`);
  }
}

/** How hawkBit shows a target whose last action is this one, with this set; `runs`: the set that is installed. */
function meant(
  action: RealAction | undefined,
  aim: number | null,
  runs: number | null,
): Pick<RealStanding, 'status' | 'assigned'> {
  if (action === undefined) return { status: 'registered', assigned: null };
  if (action.active) return { status: 'pending', assigned: aim };
  switch (action.status) {
    case 'finished':
    // It was only to be fetched.
    case 'downloaded':
      return { status: 'in_sync', assigned: aim };
    case 'canceled':
      // It is back at what was there before.
      return { status: 'in_sync', assigned: runs };
    case 'error':
      return { status: 'error', assigned: null };
    default:
      throw new Error(`no end of an action: ${action.status}`);
  }
}
