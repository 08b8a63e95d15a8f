/** `moult agent`: does what a rollout server wants of a list of devices, until it is stopped. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ACCEPTED_COUNTS_AS, AGENT_POLICY } from '../../model/agent/agent-settings.ts';
import { STOPPING } from '../../words/cli/serve.ts';
import { DataError, reasonOf } from '../data/data-error.ts';
import type { Print } from '../cli/output.ts';
import type { HostMqtt } from '../mqtt/host-mqtt.ts';
import { MQTT_OPTIONS, mqttSettings, type MqttSettings } from '../mqtt/mqtt-settings.ts';
import { oneOf, parsed, UsageError, wholeNumber } from '../cli/usage.ts';
import { ownVersion } from '../cli/version.ts';
import { userDataFolder } from '../data/user-data.ts';
import { folderUnusableText } from '../../words/host/data-folder.ts';
import { Agent, type AgentWorld } from './agent.ts';
import { MOST_AT_ONCE, settingsOf, DEFAULT_AT_ONCE, DEFAULT_TENANT } from './read-settings.ts';
import { stopSignal } from '../cli/stop-signal.ts';

const FAILED = 1;

/** `stopped` resolves when it is to stop; by default at the first SIGINT or SIGTERM. */
export async function agentCommand(
  args: readonly string[],
  print: Print,
  complain: Print,
  stopped: () => Promise<void> = stopSignal,
): Promise<number> {
  if (args.some((arg) => /^--token(=|$)/.test(arg))) throw new UsageError({ kind: 'token-as-argument' });
  const { values } = parsed(() =>
    parseArgs({
      args: [...args],
      options: {
        server: { type: 'string' },
        tenant: { type: 'string', default: DEFAULT_TENANT },
        devices: { type: 'string' },
        'token-env': { type: 'string' },
        'token-file': { type: 'string' },
        'accepted-counts-as': { type: 'string', default: AGENT_POLICY.acceptedCountsAs },
        'at-once': { type: 'string', default: String(DEFAULT_AT_ONCE) },
        'soft-hours': { type: 'string' },
        confirm: { type: 'boolean', default: false },
        ...MQTT_OPTIONS,
        data: { type: 'string' },
      },
    }),
  );
  const { server, devices, tenant, confirm } = values;
  if (server === undefined) throw new UsageError({ kind: 'agent-without-server' });
  if (devices === undefined) throw new UsageError({ kind: 'agent-without-devices' });
  const settings = await settingsOf(
    {
      ...{ server, tenant, devices, confirm, tokenEnv: values['token-env'], tokenFile: values['token-file'] },
      acceptedCountsAs: oneOf('accepted-counts-as', values['accepted-counts-as'], ACCEPTED_COUNTS_AS),
      // It has no page on which a person could say so.
      soft: 'run',
      softHours: values['soft-hours'],
      atOnce: wholeNumber('at-once', values['at-once'], 1, MOST_AT_ONCE),
    },
    process.env,
  );
  const broker = await mqttSettings(values, process.env);
  const dataDir = resolve(values.data ?? userDataFolder());
  const world: AgentWorld = {
    ...{ dataDir, agentVersion: await ownVersion(), say: print },
    surprise: (error) => complain(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  };
  const agent = await Agent.open(settings, world).catch((error: unknown) => {
    if (error instanceof DataError) throw error;
    complain(folderUnusableText(dataDir, reasonOf(error)));
    return null;
  });
  if (agent === null) return FAILED;
  void agent.run();
  const mqtt = broker === null ? null : await mqttOf(broker, agent, world);
  mqtt?.run();
  await stopped();
  print(STOPPING);
  await mqtt?.stop();
  await agent.stop();
  return 0;
}

/** What announces the agent's devices to a home automation. */
async function mqttOf(
  broker: MqttSettings,
  agent: Agent,
  { agentVersion: version, say, surprise }: AgentWorld,
): Promise<HostMqtt> {
  // Loaded where it is asked for.
  const { HostMqtt } = await import('../mqtt/host-mqtt.ts');
  return HostMqtt.open(broker, { folder: null, agent, version, say, surprise });
}
