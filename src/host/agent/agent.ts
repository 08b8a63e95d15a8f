/** A rollout server's hands on this site: one loop for each device, and what they share. */
import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import type { TargetNote } from '../../agent/note.ts';
import type { AgentNotice, ServerTrouble } from '../../model/agent/agent-notice.ts';
import type { AgentPolicy } from '../../model/agent/agent-settings.ts';
import type { Clock } from '../../model/clock.ts';
import { agentNoticeInWords } from '../../words/agent/notices.ts';
import { nodeClock } from '../cli/node-ports.ts';
import { holdFolder, type LetGo } from '../data/hold-folder.ts';
import { makePrivateFolder } from '../data/user-data.ts';
import { LoadedFirmware } from '../jobs/run/loaded-firmware.ts';
import { OwnJobs } from '../jobs/own-jobs.ts';
import { OnceIn } from '../once-in.ts';
import { DeviceFetch } from '../reach/device-fetch.ts';
import type { AgentDevice } from './agent-device.ts';
import { AgentPause } from './agent-pause.ts';
import { agentFolder } from './agent-folder.ts';
import { ArtifactCache } from './artifact-cache.ts';
import { DdiClient, type DdiServer, type Failed, type ServerFetch } from './ddi-client.ts';
import { Target } from './target.ts';
import { TargetNotes } from './target-notes.ts';
import { Turns } from './turns.ts';

export interface AgentSettings extends DdiServer {
  readonly devices: readonly AgentDevice[];
  /** Null: each device has a token of its own. */
  readonly gatewayToken: string | null;
  readonly policy: AgentPolicy;
  /** Updates at a time. */
  readonly atOnce: number;
}

export interface AgentWorld {
  /** The host's data folder. */
  readonly dataDir: string;
  readonly agentVersion: string;
  /** Told in a sentence. */
  readonly say: (sentence: string) => void;
  readonly surprise: (error: unknown) => void;
  /** The world; the real one by default, another in tests. */
  readonly fetch?: ServerFetch;
  readonly way?: Pick<DeviceFetch, 'fetch' | 'upload' | 'raw' | 'close'>;
  readonly clock?: Clock;
  readonly minute?: () => number;
}

/** The same trouble is said again after this, in milliseconds. */
const SAID_AGAIN_MS = 600_000;

export class Agent {
  readonly #targets: readonly Target[];
  readonly #stopping: AbortController;
  readonly #letGo: LetGo;
  readonly #close: () => void;
  readonly #pause: AgentPause;
  readonly #clock: Clock;
  #running: Promise<void> | null = null;

  private constructor(
    targets: readonly Target[],
    stopping: AbortController,
    letGo: LetGo,
    close: () => void,
    { pause, clock }: { readonly pause: AgentPause; readonly clock: Clock },
  ) {
    this.#targets = targets;
    this.#stopping = stopping;
    this.#letGo = letGo;
    this.#close = close;
    this.#pause = pause;
    this.#clock = clock;
  }

  /** Null where another agent has the folder, which was said then. Rejects with Node's error where it cannot be used. */
  static async open(settings: AgentSettings, world: AgentWorld): Promise<Agent | null> {
    const { dataDir, say, surprise, agentVersion } = world;
    const { clock = nodeClock, fetch: ask = fetch, way = new DeviceFetch(), minute = minuteOfDay } = world;
    const notice = (one: AgentNotice): void => say(agentNoticeInWords(one));
    const folder = agentFolder(dataDir, settings);
    makePrivateFolder(folder);
    const letGo = await holdFolder(folder);
    if (letGo === null) {
      notice({ kind: 'folder-held', folder });
      return null;
    }
    const stopping = new AbortController();
    // Each of a thousand targets waits for it: that is no leak, as Node would say of eleven.
    setMaxListeners(0, stopping.signal);
    const targets: Target[] = [];
    const notes = new TargetNotes(join(folder, 'targets'), say);
    const isNeeded = (sha256: string): boolean => targets.some(({ note }) => note.action?.image?.sha256 === sha256);
    const cache = new ArtifactCache(join(folder, 'firmware'), isNeeded, clock);
    let pause: AgentPause;
    try {
      await notes.load();
      await cache.load();
      pause = await AgentPause.open(folder, clock.date());
    } catch (error) {
      await letGo();
      throw error;
    }
    const shared = {
      ...{
        notes,
        cache,
        loaded: new LoadedFirmware(cache),
        jobs: OwnJobs.open(dataDir, say, clock),
        way,
        clock,
        minute,
        isPaused: () => pause.since !== null,
      },
      ...{ turns: new Turns(settings.atOnce), policy: settings.policy, agentVersion, folder, notice, surprise },
      ...{ heard: hearing(settings, notice, clock), signal: stopping.signal },
    };
    const { devices, gatewayToken } = settings;
    devices.forEach((device, position) => {
      const token = tokenOf(device, gatewayToken);
      const client = new DdiClient(settings, device.controllerId, token, { fetch: ask, clock });
      targets.push(new Target(device, client, shared, { position, count: devices.length }));
    });
    notice({ kind: 'started', devices: devices.length });
    return new Agent(targets, stopping, letGo, () => way.close(), { pause, clock });
  }

  /** What is remembered of each target. */
  get notes(): readonly TargetNote[] {
    return this.#targets.map(({ note }) => note);
  }

  /** In milliseconds since 1970; null: it is not paused. */
  get pausedAt(): number | null {
    return this.#pause.since;
  }

  /** Nothing new is begun until it is resumed, also after a restart. Rejects with Node's error where that cannot be written down. */
  async pause(): Promise<void> {
    await this.#pause.pause(this.#clock.date());
  }

  /** As `pause`. */
  async resume(): Promise<void> {
    await this.#pause.resume();
    // All at once would be a thousand questions to the server: those without work find out with their next poll.
    for (const target of this.#targets) if (target.note.action !== null) target.wake();
  }

  /** Resolves once it was stopped. */
  run(): Promise<void> {
    this.#running ??= Promise.all(this.#targets.map((target) => target.run())).then(() => undefined);
    return this.#running;
  }

  /** Lets updates come to a rest, where the next start goes on with them, and lets go of the folder. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    this.#close();
    await this.#letGo();
  }
}

function tokenOf(
  { targetToken, controllerId }: AgentDevice,
  gatewayToken: string | null,
): { readonly kind: 'target' | 'gateway'; readonly token: string } {
  if (targetToken !== null) return { kind: 'target', token: targetToken };
  if (gatewayToken === null) throw new Error(`a device without a token for its server: ${controllerId}`);
  return { kind: 'gateway', token: gatewayToken };
}

function minuteOfDay(): number {
  const now = new Date();
  return now.getHours() * 60 + now.getMinutes();
}

/** Says once when the server is there, and what is wrong with it; not with each of a thousand targets. */
function hearing(
  { server, tenant }: DdiServer,
  notice: (one: AgentNotice) => void,
  clock: Clock,
): (failed: Failed | null) => void {
  const said = new OnceIn(SAID_AGAIN_MS, () => clock.now());
  let last: ServerTrouble | 'none' | null = null;
  return (failed) => {
    if (failed === null) {
      if (last !== 'none' && (last === null || said.isDue('connected'))) notice({ kind: 'connected', server, tenant });
      last = 'none';
      return;
    }
    const { trouble, status } = failed;
    if (said.isDue(trouble)) notice({ kind: 'trouble', server, trouble, status });
    last = trouble;
  };
}
