/** Two agents that were given the same device: what the device and the server leave to each of them, and what they say. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Agent, type AgentSettings } from '../../../src/host/agent/agent.ts';
import { AGENT_POLICY } from '../../../src/model/agent/agent-settings.ts';
import type { Action } from '../../../src/simulator/hawkbit/actions.ts';
import type { AgentWorld } from './agent-world.ts';
import { over, useAgentWorld } from './use-agent-world.ts';

/** Slow enough for the second one to come in the middle. */
const COSTS = { eraseMsPerBlock: 1_500, programMsPerBlock: 500, roundTripMs: 20 };
const SETTINGS: AgentSettings = {
  ...{ server: 'http://127.0.0.1:1', tenant: 'DEFAULT', devices: [], gatewayToken: 'secret' },
  ...{ policy: AGENT_POLICY, atOnce: 1 },
};

describe('two agents with one target', () => {
  const made = useAgentWorld();

  const isDone = (worlds: readonly AgentWorld[], action: Action): boolean =>
    over(action)() && worlds.every(({ note }) => note?.action === null && note.outbox.length === 0);

  for (const dialect of ['shipped', 'documented'] as const) {
    it(`on two machines end its action once, and with what is true (${dialect})`, async () => {
      const first = made({ device: { dialect, costs: COSTS } });
      const second = made({ beside: first });
      const { device } = first;
      const action = first.assign();
      first.start();
      await first.until(() => (device.session?.written ?? 0) > 0);
      second.start();
      await second.until(() => isDone([first, second], action));
      expect(action).to.include({ status: 'finished', ends: 1 });
      expect(first.runs(action)).to.equal(true);
      // A device as documented does not tell that another agent updates it.
      if (dialect === 'documented') return;
      expect([device.restarts, device.writeLog.filter(({ offset }) => offset === 0).length]).to.deep.equal([1, 1]);
      const told = second.notices.flatMap((notice) => (notice.kind === 'said' ? [notice.feedback] : []));
      expect(told.at(-1)).to.include({ execution: 'proceeding', finished: 'none' });
      expect(told.at(-1)?.told).to.have.property('kind', 'tries-again');
      expect(told.at(-1)?.told).to.have.nested.property('outcome.code', 'other-session');
    });
  }

  it('on two machines that begin in the same moment leave the device to the first', async () => {
    const first = made({ device: { dialect: 'shipped', costs: COSTS } });
    const second = made({ beside: first });
    const { device } = first;
    const action = first.assign();
    first.start();
    second.start();
    await second.until(() => isDone([first, second], action));
    expect(action).to.include({ status: 'finished', ends: 1 });
    expect(first.runs(action)).to.equal(true);
    expect([device.restarts, device.writeLog.filter(({ offset }) => offset === 0).length]).to.deep.equal([1, 1]);
  });

  it('on one machine are one: the second one says where the first is at work, and does nothing', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'moult-agents-'));
    try {
      const said: string[] = [];
      const world = { dataDir, agentVersion: '0.0.0', say: (sentence: string) => void said.push(sentence) };
      const surprise = (error: unknown): never => expect.fail(String(error));
      const first = await Agent.open(SETTINGS, { ...world, surprise });
      expect(await Agent.open(SETTINGS, { ...world, surprise })).to.equal(null);
      expect(said.at(-1)).to.match(/^Another agent for this server and tenant uses .*, or name another folder/);
      await first?.stop();
      const next = await Agent.open(SETTINGS, { ...world, surprise });
      expect(next).not.to.equal(null);
      await next?.stop();
    } finally {
      rmSync(dataDir, { recursive: true });
    }
  });
});
