import { expect } from 'chai';
import { ID } from '../agent-world.ts';
import { HOUR, over, useAgentWorld } from '../use-agent-world.ts';

describe('an agent whose machine’s clock was set back', () => {
  const made = useAgentWorld();

  it('leaves the server with the last image as the one that is installed', async () => {
    const world = made();
    const first = world.assign(0);
    world.start();
    await world.until(over(first));
    world.aheadMs = -24 * HOUR;
    const second = world.assign(1);
    await world.until(over(second));
    expect(second.status).to.equal('finished');
    expect(world.runs(second)).to.equal(true);
    expect(world.server.targets.get(ID)?.installed?.set.version).to.equal(second.set.version);
  });
});
