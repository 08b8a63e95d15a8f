import { expect } from 'chai';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentPause } from '../../../src/host/agent/agent-pause.ts';

describe('the pause of an agent', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'moult-pause-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('outlives the agent, and ends when a person ends it', async () => {
    const pause = await AgentPause.open(folder, 1);
    expect(pause.since).to.equal(null);
    await pause.pause(7);
    await pause.pause(8);
    expect(pause.since).to.equal(7);
    const next = await AgentPause.open(folder, 9);
    expect(next.since).to.equal(7);
    await next.resume();
    expect(next.since).to.equal(null);
    expect((await AgentPause.open(folder, 10)).since).to.equal(null);
  });

  it('stays where its file cannot be read', async () => {
    writeFileSync(join(folder, 'paused.json'), '{"version":');
    expect((await AgentPause.open(folder, 9)).since).to.equal(9);
  });

  it('is as it was where it cannot be written down', async () => {
    const pause = await AgentPause.open(join(folder, 'gone'), 1);
    const error = await pause.pause(7).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(Error);
    expect(pause.since).to.equal(null);
  });

  it('is for this account alone', async () => {
    await (await AgentPause.open(folder, 1)).pause(7);
    if (process.platform !== 'win32') {
      expect(statSync(join(folder, 'paused.json')).mode & 0o777).to.equal(0o600);
    }
  });
});
