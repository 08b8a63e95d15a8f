import { expect } from 'chai';
import { ID } from '../agent-world.ts';
import { HOUR, over, useAgentWorld } from '../use-agent-world.ts';

describe('what a rollout server has of a device', () => {
  const made = useAgentWorld();

  it('is what it runs also where the update was not seen to end', async () => {
    const world = made({ device: { awayMs: 2 * HOUR } });
    const { server, device, clock } = world;
    const action = world.assign();
    world.start();
    await world.until(over(action));
    expect(action.status).to.equal('error');
    expect(device.away).to.equal(true);
    await clock.pass(3 * HOUR);
    expect(world.runs(action)).to.equal(true);
    expect(server.addTarget(ID).attributes['firmware.slot']).to.equal('ota_1');
    const told = server.asked('config-data');
    await clock.pass(HOUR);
    expect(server.asked('config-data')).to.equal(told);
  });
});
