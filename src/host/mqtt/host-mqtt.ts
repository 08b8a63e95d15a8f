/** MQTT as a command has it: which devices it is about, and where it remembers its name. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Clock } from '../../model/clock.ts';
import { placeOf } from '../../model/device/device.ts';
import type { MqttNotice } from '../../model/host/mqtt-notice.ts';
import { mqttNoticeInWords, NOT_ANNOUNCED } from '../../words/host/mqtt.ts';
import type { Agent } from '../agent/agent.ts';
import { nodeClock } from '../node-ports.ts';
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
  /**
   * The host's data folder, for what its jobs (`addJobs`) are about: where another host has it, that one announces. Null:
   * there is no host.
   */
  readonly folder: string | null;
  /** Moult's. */
  readonly version: string;
  /** Null: there is none. */
  readonly agent: Agent | null;
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

/** What one program alone announces, by a name that is its folder's. */
interface Faces {
  readonly jobs: MqttFace | null;
  /** An agent's devices keep their name, whether it runs alone or beside a host. */
  readonly agent: MqttFace | null;
}

export class HostMqtt {
  readonly #faces: Faces;
  readonly #world: MqttWorld;
  readonly #stopping = new AbortController();
  #hasJobs = false;

  private constructor(faces: Faces, world: MqttWorld) {
    this.#faces = faces;
    this.#world = world;
  }

  /** Rejects with Node's error where a folder cannot be written. */
  static async open(settings: MqttSettings, world: MqttWorld): Promise<HostMqtt> {
    const { folder, version, agent, surprise, clock = nodeClock, open = openBroker, everyMs } = world;
    const notice = noticesTo(world);
    const faceIn = async (where: string): Promise<MqttFace> =>
      new MqttFace({
        ...{ settings, version, clock, open, surprise, notice, node: await nodeIn(where) },
        ...(everyMs === undefined ? {} : { everyMs }),
      });
    const faces = {
      jobs: folder === null ? null : await faceIn(folder),
      agent: agent === null ? null : await faceIn(agent.folder),
    };
    if (agent !== null) faces.agent?.add(new AgentEntities(agent));
    return new HostMqtt(faces, world);
  }

  /** Announces what the host's jobs are about, too, and looks at it from then on. */
  addJobs(service: JobService): void {
    const { agent, clock = nodeClock, surprise } = this.#world;
    const looks = new DeviceLooks(service, clock);
    // Of a device that has jobs as well, the agent knows more.
    const others = new Set(agent?.targets.map(({ device }) => placeOf(device.target)));
    this.#faces.jobs?.add(new JobEntities(service, looks, others));
    this.#hasJobs = true;
    void looks.run(this.#stopping.signal, surprise);
  }

  run(): void {
    const { jobs, agent } = this.#faces;
    void agent?.run();
    // A second announcer would take the other's devices for its own that are gone, and remove them.
    if (jobs !== null && !this.#hasJobs) this.#world.say(NOT_ANNOUNCED);
    else void jobs?.run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([this.#faces.jobs?.stop(), this.#faces.agent?.stop()]);
  }
}

/** Both faces have one broker, and what is wrong with it is said once. */
function noticesTo({ agent, say }: Pick<MqttWorld, 'agent' | 'say'>): (notice: MqttNotice) => void {
  let last = '';
  return (notice) => {
    const sentence = mqttNoticeInWords(notice);
    const isSaid = notice.kind === 'trouble' && sentence === last;
    // Where there is an agent, a host without devices is no reason to wonder.
    const isNothing = notice.kind === 'connected' && notice.devices === 0 && agent !== null;
    if (!isSaid && !isNothing) say(sentence);
    last = sentence;
  };
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
