/** MQTT as a command has it: which devices it is about, and where it remembers its name. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Clock } from '../../model/clock.ts';
import { mqttNoticeInWords, NOT_ANNOUNCED } from '../../words/host/mqtt.ts';
import type { Agent } from '../agent/agent.ts';
import { nodeClock } from '../cli/node-ports.ts';
import { isMissing } from '../data/data-error.ts';
import { writeWhole } from '../data/user-data.ts';
import type { JobService } from '../jobs/job-service.ts';
import { AgentEntities } from './agent-entities.ts';
import { openBroker, type OpenBroker } from './broker.ts';
import { DeviceLooks } from './device-looks.ts';
import { JobEntities } from './job-entities.ts';
import { MqttFace } from './mqtt-face.ts';
import type { MqttSettings } from './mqtt-settings.ts';

export interface MqttWorld {
  /** One program at a time works in it: the host's data folder, or an agent's own. */
  readonly folder: string;
  /** Moult's. */
  readonly version: string;
  /** Null: there is none. */
  readonly agent: Agent | null;
  /** Whether there has to be a host's job service (`addJobs`): where another host has the folder, it is the one that announces. */
  readonly needsJobs: boolean;
  /** Told in a sentence. */
  readonly say: (sentence: string) => void;
  readonly surprise: (error: unknown) => void;
  /** The world; the real one by default, another in tests. */
  readonly clock?: Clock;
  readonly open?: OpenBroker;
  readonly everyMs?: number;
}

const FILE = 'mqtt.json';
const NODE = v.object({ version: v.literal(1), node: v.pipe(v.string(), v.regex(/^[0-9a-f]{8}$/)) });
const NODE_BYTES = 4;

export class HostMqtt {
  readonly #face: MqttFace;
  readonly #world: MqttWorld;
  readonly #stopping = new AbortController();
  #hasJobs = false;

  private constructor(face: MqttFace, world: MqttWorld) {
    this.#face = face;
    this.#world = world;
  }

  /** Rejects with Node's error where the folder cannot be written. */
  static async open(settings: MqttSettings, world: MqttWorld): Promise<HostMqtt> {
    const { folder, version, agent, say, surprise, clock = nodeClock, open = openBroker, everyMs } = world;
    const face = new MqttFace({
      ...{ settings, version, clock, open, surprise, node: await nodeIn(folder) },
      notice: (notice) => say(mqttNoticeInWords(notice)),
      ...(everyMs === undefined ? {} : { everyMs }),
    });
    // Of a device that has jobs as well, the agent knows more.
    if (agent !== null) face.add(new AgentEntities(agent));
    return new HostMqtt(face, world);
  }

  /** Announces what the host's jobs are about, too, and looks at it from then on. */
  addJobs(service: JobService): void {
    const { clock = nodeClock, surprise } = this.#world;
    const looks = new DeviceLooks(service, clock);
    this.#face.add(new JobEntities(service, looks));
    this.#hasJobs = true;
    void looks.run(this.#stopping.signal, surprise);
  }

  run(): void {
    const { needsJobs, say } = this.#world;
    // It would take the devices of the one that has them for its own that are gone.
    if (needsJobs && !this.#hasJobs) say(NOT_ANNOUNCED);
    else void this.#face.run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#face.stop();
  }
}

/** What names this host to the broker: another one after each start would leave its entities behind. */
async function nodeIn(folder: string): Promise<string> {
  const file = join(folder, FILE);
  try {
    return v.parse(NODE, JSON.parse(await readFile(file, 'utf8'))).node;
  } catch (error) {
    // Of a file that cannot be read the name is lost, and nothing else.
    if (!isMissing(error) && !(error instanceof v.ValiError) && !(error instanceof SyntaxError)) throw error;
    const node = randomBytes(NODE_BYTES).toString('hex');
    await writeWhole(file, JSON.stringify({ version: 1, node }));
    return node;
  }
}
