/** What a person on site may tell an agent: the whole way to the rollout server and the device. */
import { expect } from 'chai';
import { HOUR, over, useAgentWorld, words } from './use-agent-world.ts';

describe('a person at an agent’s host', () => {
  const made = useAgentWorld();

  it('pauses it, and has it go on at once', async () => {
    const world = made();
    const { server, clock, device } = world;
    world.isPaused = true;
    const action = world.assign();
    world.start();
    await clock.pass(HOUR);
    expect(words(action)).to.deep.equal(['DOWNLOADED', 'RUNNING']);
    expect(action.entries.at(-1)?.messages).to.deep.equal(['Waiting: a person on site has paused the agent.']);
    expect(device.requests.every(({ method }) => method === 'GET')).to.equal(true);
    world.isPaused = false;
    const polls = server.asked('poll');
    const before = clock.now();
    world.wake();
    await world.until(() => server.asked('poll') > polls);
    expect(clock.now()).to.equal(before);
    await world.until(over(action));
    expect(action.status).to.equal('finished');
  });

  it('installs what is not forced, and nothing is begun before', async () => {
    const world = made({ policy: { soft: 'wait' } });
    const { server, clock, device } = world;
    const action = world.assign(0, { type: 'soft' });
    world.start();
    await clock.pass(HOUR);
    expect(words(action)).to.deep.equal(['DOWNLOADED', 'RUNNING']);
    expect(action.entries.at(-1)?.messages[0]).to.match(/^Waiting for a person on site/);
    expect(device.requests.every(({ method }) => method === 'GET')).to.equal(true);
    expect(await world.approve('999')).to.equal(false);
    const before = clock.now();
    expect(await world.approve(String(action.id))).to.equal(true);
    const polls = server.asked('poll');
    await world.until(() => server.asked('poll') > polls);
    expect(clock.now()).to.equal(before);
    await world.until(over(action));
    expect(action.status).to.equal('finished');
    expect(world.runs(action)).to.equal(true);
    expect(await world.approve(String(action.id))).to.equal(false);
  });

  it('has nothing to install any more once the server has cancelled it', async () => {
    const world = made({ policy: { soft: 'wait' } });
    const { server, clock } = world;
    const action = world.assign(0, { type: 'soft' });
    world.start();
    await clock.pass(HOUR);
    server.cancel(action.id);
    await world.until(over(action));
    expect(action.status).to.equal('canceled');
    expect(await world.approve(String(action.id))).to.equal(false);
  });

  it('says so once, also where the agent is killed thereafter', async () => {
    const world = made({ policy: { soft: 'wait' } });
    const { clock } = world;
    const action = world.assign(0, { type: 'soft' });
    world.start();
    await clock.pass(HOUR);
    await world.approve(String(action.id));
    world.kill();
    world.start();
    await world.until(over(action));
    expect(action.status).to.equal('finished');
  });
});
