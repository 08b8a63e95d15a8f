/**
 * A rollout server, a device and the agent's loop for it in one process, under a fake clock: everything is real except
 * sockets and disks. The agent may be killed at any moment, and started again with what it had written down by then.
 */
import { createHash } from 'node:crypto';
import { newNote, type TargetNote } from '../../../src/agent/note.ts';
import { Target } from '../../../src/host/agent/target/target.ts';
import { DdiClient } from '../../../src/host/agent/server/ddi-client.ts';
import type { FetchEnd, GetFrom, Wanted } from '../../../src/host/agent/artifact-cache.ts';
import type { SharedParts } from '../../../src/host/agent/shared-parts.ts';
import { Turns } from '../../../src/host/agent/turns.ts';
import { AGENT_POLICY, type AgentPolicy } from '../../../src/model/agent/agent-settings.ts';
import type { AgentNotice } from '../../../src/model/agent/agent-notice.ts';
import type { Clock } from '../../../src/model/clock.ts';
import type { JournalEntry } from '../../../src/model/update/journal.ts';
import { fetchFrom } from '../../../src/simulator/device-fetch.ts';
import type { Action } from '../../../src/simulator/hawkbit/actions.ts';
import type { Assignment, DistributionSet, HawkbitOptions } from '../../../src/simulator/hawkbit/options.ts';
import { SimulatedHawkbit } from '../../../src/simulator/hawkbit/simulated-hawkbit.ts';
import type { DeviceOptions } from '../../../src/simulator/options.ts';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import { jobsIn } from './agent-jobs.ts';
import { FakeClock } from '../../update/scripted/fake-clock.ts';
import { accepted, appBytes, type TestImage } from '../../update/scripted/images.ts';
import { sameBytes } from '../../update/scripted/same-bytes.ts';

export const SERVER = 'http://hawkbit.test';
export const ORIGIN = 'http://192.168.1.50:8080';
const TOKEN = 'a'.repeat(64);
export const ID = 'moult-kitchen';
const IMAGE_BYTES = 10_000;

export interface AgentWorldOptions {
  readonly device?: Partial<DeviceOptions>;
  readonly server?: Partial<HawkbitOptions>;
  readonly policy?: Partial<AgentPolicy>;
  /** Another agent, with a disk of its own, that has the same server and the same device. */
  readonly beside?: AgentWorld;
}

/** One start of the agent, to its end or until it is killed. */
interface Life {
  isAlive: boolean;
  readonly stopping: AbortController;
  readonly over: Promise<void>;
  readonly loop: Target | null;
}

export class AgentWorld {
  readonly clock: FakeClock;
  readonly server: SimulatedHawkbit;
  readonly device: SimulatedDevice;
  /** What may be assigned: the second one does not start where `boots` says so. */
  readonly images: readonly TestImage[];
  readonly policy: AgentPolicy;
  readonly notices: AgentNotice[] = [];
  readonly surprises: unknown[] = [];
  isPaused = false;
  /** By how much the clock of the agent's machine is ahead, in milliseconds. */
  aheadMs = 0;
  /** The agent's disk. */
  note: TargetNote | null = null;
  readonly journal = new Map<string, JournalEntry>();
  readonly files = new Set<string>();
  /** Told of each thing that the agent does to the world, before and after it. */
  onTouch: (count: number) => void = () => undefined;
  #touches = 0;
  #life: Life | null = null;
  readonly #serverFetch: ReturnType<typeof fetchFrom>;
  readonly #deviceFetch: ReturnType<typeof fetchFrom>;

  constructor({ device = {}, server = {}, policy = {}, beside }: AgentWorldOptions = {}) {
    this.clock = beside?.clock ?? new FakeClock();
    this.images = [accepted(appBytes(IMAGE_BYTES)), accepted(appBytes(IMAGE_BYTES + 1))];
    const firmware = appBytes(1_000);
    const isWhole = (stored: Uint8Array): boolean =>
      [firmware, ...this.images.map(({ bytes }) => bytes)].some((image) => sameBytes(stored, image));
    this.device =
      beside?.device ??
      new SimulatedDevice({
        ...{ dialect: 'shipped', token: TOKEN, slotBytes: 16 * 1024, clock: this.clock, firmware, boots: isWhole },
        ...device,
      });
    this.server = beside?.server ?? new SimulatedHawkbit({ clock: this.clock, pollSeconds: 60, ...server });
    this.policy = { ...AGENT_POLICY, ...policy };
    this.#serverFetch = fetchFrom(new Map([[SERVER, this.server]]));
    this.#deviceFetch = fetchFrom(new Map([[ORIGIN, this.device]]));
  }

  assign(image = 0, assignment: Assignment = {}): Action {
    return this.server.assign(ID, this.setOf(image), assignment);
  }

  setOf(image: number): DistributionSet {
    const bytes = this.images[image]?.bytes ?? new Uint8Array();
    const artifacts = [{ filename: `kitchen-${image}.bin`, bytes }];
    return {
      name: 'kitchen',
      version: String(image),
      modules: [{ name: 'kitchen', version: '1', part: 'os', artifacts }],
    };
  }

  /** Whether the device runs what the action is about. */
  runs(action: Action): boolean {
    const [module] = action.set.modules;
    return sameBytes(this.device.runningImage, module?.artifacts[0]?.bytes ?? new Uint8Array());
  }

  get isRunning(): boolean {
    return this.#life?.isAlive === true;
  }

  start(): void {
    const stopping = new AbortController();
    const life: { isAlive: boolean; stopping: AbortController; over: Promise<void>; loop: Target | null } = {
      ...{ isAlive: true, stopping, over: Promise.resolve(), loop: null },
    };
    const shared = this.#partsOf(life);
    const { clock } = shared;
    const client = new DdiClient(
      { server: SERVER, tenant: 'DEFAULT' },
      ID,
      { kind: 'gateway', token: 'gateway-secret' },
      { clock, fetch: (url, init) => this.#touching(life, () => this.#serverFetch(url, init)) },
    );
    const target = { origin: ORIGIN, prefix: '/ota', protocol: 'automatic', dialect: null, token: TOKEN } as const;
    const listed = { id: '0', name: 'Kitchen', target: { ...target, tokenHeader: 'X-OTA-Token' }, chipId: 0 };
    const device = { ...listed, controllerId: ID, targetToken: null };
    const loop = new Target(device, client, shared, { position: 0, count: 1 });
    life.over = loop.run();
    life.loop = loop;
    this.#life = life;
  }

  /** A person wants it to ask the server now. */
  wake(): void {
    this.#life?.loop?.wake();
  }

  /** A person says that an action may begin. */
  async approve(action: string): Promise<boolean> {
    return (await this.#life?.loop?.approve(action)) ?? false;
  }

  /** The process is gone: what was on its way arrives, and nobody hears of it. */
  kill(): void {
    if (this.#life !== null) this.#life.isAlive = false;
    this.#life = null;
  }

  async stop(): Promise<void> {
    const life = this.#life;
    this.#life = null;
    life?.stopping.abort();
    if (life !== null) await this.clock.settle(life.over);
  }

  /** Lets time pass until `isSo`, which is asked whenever the agent does something. */
  async until(isSo: () => boolean): Promise<void> {
    const before = this.onTouch;
    let done: () => void = () => undefined;
    const reached = new Promise<void>((resolve) => (done = resolve));
    this.onTouch = (count) => {
      before(count);
      if (isSo()) done();
    };
    if (!isSo()) await this.clock.settle(reached);
    this.onTouch = before;
  }

  #partsOf(life: Life): SharedParts {
    const clock = this.#clockOf(life);
    const { notices, policy } = this;
    const way = {
      fetch: (
        url: string,
        {
          method,
          headers,
          body,
          signal,
        }: { method: string; headers: Headers | [string, string][]; body?: BodyInit; signal: AbortSignal },
      ) =>
        this.#touching(life, () =>
          this.#deviceFetch(url, { method, headers, signal, ...(body === undefined ? {} : { body }) }),
        ),
      upload: () => Promise.reject(new TypeError('no device that takes an image whole')),
      raw: { connect: () => Promise.reject(new TypeError('nobody')), announced: () => Promise.resolve(null) },
    } as unknown as SharedParts['way'];
    return {
      notes: {
        of: () => this.note ?? newNote(ID),
        write: (note) =>
          this.#touching(life, () => {
            this.note = note;
            return Promise.resolve();
          }),
      },
      cache: { fetch: (wanted, get, signal) => this.#download(wanted, get, signal) },
      loaded: {
        lease: (sha256) => {
          const image = this.images.find((one) => one.sha256 === sha256);
          const isHere = image !== undefined && this.files.has(sha256);
          return Promise.resolve(isHere ? { ...image, release: () => undefined } : null);
        },
      },
      jobs: jobsIn(this.journal, (work) => this.#touching(life, work), clock, way),
      ...{
        turns: new Turns(1),
        way,
        clock,
        policy,
        minute: () => 600,
        isPaused: () => this.isPaused,
        agentVersion: '0.0.0',
        folder: '/agent',
      },
      notice: (notice) => notices.push(notice),
      heard: () => undefined,
      surprise: (error) => this.surprises.push(error),
      signal: life.stopping.signal,
    };
  }

  async #download({ sha256 }: Wanted, get: GetFrom, signal: AbortSignal): Promise<FetchEnd> {
    if (this.files.has(sha256)) return 'here';
    for (let tries = 2; tries > 0; tries--) {
      try {
        const response = await get(0, signal);
        if (!response.ok) return 'later';
        const bytes = new Uint8Array(await response.arrayBuffer());
        if (createHash('sha256').update(bytes).digest('hex') !== sha256) continue;
        this.files.add(sha256);
        return 'here';
      } catch {
        return 'later';
      }
    }
    return 'damaged';
  }

  /** What a life does to the world may be the last that it does. */
  async #touching<T>(life: Life, work: () => Promise<T>): Promise<T> {
    this.#touch(life);
    const isAlive = (): boolean => life.isAlive;
    if (!isAlive()) return new Promise<never>(() => undefined);
    try {
      return await work();
    } finally {
      this.#touch(life);
      // Nobody is left to hear of it.
      if (!isAlive()) await new Promise<never>(() => undefined);
    }
  }

  #touch(life: Life): void {
    if (!life.isAlive) return;
    this.#touches += 1;
    this.onTouch(this.#touches);
  }

  /** The clock of one life: no timer of a dead one rings. */
  #clockOf(life: Life): Clock {
    const { clock } = this;
    return {
      now: () => clock.now(),
      date: () => clock.date() + this.aheadMs,
      sleep: async (ms, signal) => {
        await clock.sleep(ms, signal);
        if (!life.isAlive) await new Promise<never>(() => undefined);
      },
    };
  }
}
