/**
 * The agent that carries out on this site what a rollout server assigns: one loop for each device, and what they share.
 */
import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import type { TargetNote } from '../../agent/note.ts';
import type { AgentNotice } from '../../model/agent/agent-notice.ts';
import type { AgentPolicy } from '../../model/agent/agent-settings.ts';
import type { AgentOrder, AgentView } from '../../model/agent/agent-view.ts';
import type { Clock } from '../../model/clock.ts';
import { agentNoticeInWords } from '../../words/agent/notices.ts';
import { nodeClock } from '../node-ports.ts';
import { holdFolder, type LetGo } from '../data/hold-folder.ts';
import { makePrivateFolder } from '../data/user-data.ts';
import { LoadedFirmware } from '../jobs/run/loaded-firmware.ts';
import { OwnJobs } from '../jobs/own-jobs.ts';
import { DeviceFetch } from '../reach/device-fetch.ts';
import type { AgentDevice } from './agent-device.ts';
import { AgentPause } from './agent-pause.ts';
import { agentFolder } from './agent-folder.ts';
import { ArtifactCache } from './artifact-cache.ts';
import type { AgentFace } from './agent-routes.ts';
import { DdiClient, type DdiServer, type Failed, type ServerFetch } from './server/ddi-client.ts';
import { ServerHeard } from './server/server-heard.ts';
import { Target } from './target/target.ts';
import { shownTargets, targetView } from './target/target-view.ts';
import { TargetNotes } from './target/target-notes.ts';
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

interface AgentParts {
  readonly settings: AgentSettings;
  readonly folder: string;
  readonly heard: ServerHeard;
  readonly pause: AgentPause;
  readonly clock: Clock;
  readonly stopping: AbortController;
  readonly letGo: LetGo;
  readonly close: () => void;
}

export class Agent implements AgentFace {
  readonly #targets: readonly Target[];
  readonly #parts: AgentParts;
  #running: Promise<void> | null = null;

  private constructor(targets: readonly Target[], parts: AgentParts) {
    this.#targets = targets;
    this.#parts = parts;
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
    const heard = new ServerHeard(settings, notice, clock);
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
      ...{ heard: (failed: Failed | null) => heard.hear(failed), signal: stopping.signal },
    };
    const { devices, gatewayToken } = settings;
    devices.forEach((device, position) => {
      const token = tokenOf(device, gatewayToken);
      const client = new DdiClient(settings, device.controllerId, token, { fetch: ask, clock });
      targets.push(new Target(device, client, shared, { position, count: devices.length }));
    });
    notice({ kind: 'started', devices: devices.length });
    return new Agent(targets, { settings, folder, heard, pause, clock, stopping, letGo, close: () => way.close() });
  }

  get targets(): readonly Pick<Target, 'device' | 'now' | 'sight'>[] {
    return this.#targets;
  }

  /** Where it remembers, and nobody else at the same time. */
  get folder(): string {
    return this.#parts.folder;
  }

  get policy(): AgentPolicy {
    return this.#parts.settings.policy;
  }

  /** What is remembered of each target. */
  get notes(): readonly TargetNote[] {
    return this.#targets.map(({ note }) => note);
  }

  view(): AgentView {
    const { settings, heard, pause } = this.#parts;
    const { server, tenant, policy } = settings;
    const all = this.#targets.map((target) => targetView(target.now, policy));
    return { server, tenant, connection: heard.connection, pausedAt: pause.since, ...shownTargets(all) };
  }

  async order(order: AgentOrder): Promise<boolean> {
    const { pause, clock } = this.#parts;
    switch (order.kind) {
      case 'pause':
        await pause.pause(clock.date());
        return true;
      case 'resume':
        await pause.resume();
        // All at once would be a thousand questions to the server: those without work find out with their next poll.
        for (const target of this.#targets) if (target.note.action !== null) target.wake();
        return true;
      case 'install': {
        const target = this.#targets.find(({ note }) => note.controllerId === order.controllerId);
        return target !== undefined && (await target.approve(order.action));
      }
    }
  }

  /** Resolves once it was stopped. */
  run(): Promise<void> {
    this.#running ??= Promise.all(this.#targets.map((target) => target.run())).then(() => undefined);
    return this.#running;
  }

  /** Lets updates come to a rest, where the next start goes on with them, and lets go of the folder. */
  async stop(): Promise<void> {
    const { stopping, close, letGo } = this.#parts;
    stopping.abort();
    await this.#running;
    close();
    await letGo();
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
