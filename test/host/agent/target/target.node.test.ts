import { expect } from 'chai';
import { isActive } from '../../../../src/simulator/hawkbit/actions.ts';
import { onEveryAsked, onNthAsked } from '../../../../src/simulator/hawkbit/faults.ts';
import { onNth } from '../../../../src/simulator/faults.ts';
import { ID, SERVER } from '../agent-world.ts';
import { HOUR, over, useAgentWorld, words } from '../use-agent-world.ts';

describe('an agent with a rollout server', () => {
  const made = useAgentWorld();

  it('carries an assignment to the device, and says what it proved', async () => {
    const world = made();
    const { server } = world;
    world.start();
    await world.until(() => server.asked('poll') > 0);
    const action = world.assign();
    await world.until(over(action));
    expect(action.status).to.equal('finished');
    expect(world.runs(action)).to.equal(true);
    const [first, ...rest] = words(action);
    expect([first, rest.at(-1)]).to.deep.equal(['DOWNLOADED', 'FINISHED']);
    expect(new Set(rest.slice(0, -1))).to.deep.equal(new Set(['RUNNING']));
    // Far from the thousand that there is room for.
    expect(rest.length).to.be.below(12);
    expect(action.ends).to.equal(1);
  });

  it('tells what the device is, after the first poll and after the update', async () => {
    const world = made();
    const { server } = world;
    const action = world.assign();
    world.start();
    await world.until(() => !isActive(action) && server.targets.get(ID)?.wantsAttributes === false);
    const { attributes } = server.addTarget(ID);
    expect(attributes).to.include({
      'device.name': 'Kitchen',
      'device.protocol': 'shipped',
      'device.chip': 'ESP32',
      agent: '0.0.0',
    });
    expect(attributes['firmware.slot']).to.equal('ota_1');
  });

  it('does not poll for a device that it does not see', async () => {
    const world = made();
    const { server, device, clock } = world;
    world.start();
    await world.until(() => server.asked('poll') > 0);
    device.switchOff();
    const before = server.asked('poll');
    await clock.pass(HOUR);
    expect(server.asked('poll')).to.equal(before);
    expect(world.notices.filter(({ kind }) => kind === 'not-seen')).to.have.length(1);
  });

  it('asks a server that has nothing to do with one small question', async () => {
    const world = made();
    const { server, clock } = world;
    world.start();
    await clock.pass(HOUR);
    expect(server.asked('poll')).to.be.within(55, 62);
    expect(server.asked('deployment')).to.equal(0);
    expect(server.asked('config-data')).to.equal(1);
  });

  it('shows its token to the server alone', async () => {
    const world = made({ server: { artifactOrigin: 'http://files.test' } });
    const action = world.assign();
    world.start();
    // There is no server at that address: what counts is the token that would have been sent.
    await world.until(() => world.server.asked('deployment') > 3);
    expect(isActive(action)).to.equal(true);
    expect(world.server.tokensSeen.every(({ origin }) => origin === SERVER)).to.equal(true);
  });

  it('judges a file before the device is touched', async () => {
    const world = made();
    const { server, device } = world;
    const set = world.setOf(0);
    const other = { filename: 'other.bin', bytes: new Uint8Array(3) };
    const modules = set.modules.map((module) => ({ ...module, artifacts: [...module.artifacts, other] }));
    const many = { ...set, modules };
    const action = server.assign(ID, many);
    world.start();
    await world.until(over(action));
    expect(action.status).to.equal('error');
    expect(action.entries.at(-1)?.code).to.equal(21);
    expect(device.requests.every(({ method }) => method === 'GET')).to.equal(true);
  });

  it('says that a damaged artifact is damaged, and touches no device', async () => {
    const world = made();
    const { server, device } = world;
    server.fault = onEveryAsked('artifact', { kind: 'damaged', at: 17 });
    const action = world.assign();
    world.start();
    await world.until(over(action));
    expect(action.entries.at(-1)).to.include({ status: 'ERROR', code: 25 });
    expect(device.requests.every(({ method }) => method === 'GET')).to.equal(true);
  });

  it('fetches once more what was damaged on its way', async () => {
    const world = made();
    const { server } = world;
    server.fault = onNthAsked('artifact', 1, { kind: 'damaged', at: 17 });
    const action = world.assign();
    world.start();
    await world.until(over(action));
    expect(action.status).to.equal('finished');
  });

  it('says of an image that does not start that the device went back', async () => {
    const world = made({ device: { boots: (image) => image.length < 2_000 } });
    const action = world.assign();
    world.start();
    await world.until(over(action));
    expect(action.entries.at(-1)).to.include({ status: 'ERROR', code: 10 });
    expect(action.ends).to.equal(1);
  });

  for (const status of [410, 404] as const) {
    it(`leaves the device at its work where feedback is answered with ${status}`, async () => {
      const world = made();
      const { server } = world;
      server.fault = onEveryAsked('feedback', { kind: 'status', status });
      const action = world.assign();
      world.start();
      await world.until(() => world.runs(action) && world.note?.action === null);
      expect(world.note?.outbox).to.deep.equal([]);
      expect(words(action)).to.deep.equal([]);
    });
  }

  for (const [what, fault] of [
    ['429', { kind: 'status', status: 429, retryAfter: 120 }],
    ['503', { kind: 'status', status: 503 }],
    ['a wrong token', { kind: 'status', status: 403 }],
    ['no answer', { kind: 'drop', when: 'before' }],
  ] as const) {
    it(`keeps what it has to say where feedback meets ${what}, and says it in order later`, async () => {
      const world = made();
      const { server } = world;
      let isBad = true;
      server.fault = ({ route }) => (isBad && route === 'feedback' ? fault : null);
      const action = world.assign();
      world.start();
      await world.until(() => world.runs(action) && world.note?.action === null);
      expect(words(action)).to.deep.equal([]);
      isBad = false;
      await world.until(over(action));
      expect(words(action)[0]).to.equal('DOWNLOADED');
      expect(words(action).at(-1)).to.equal('FINISHED');
    });
  }

  it('is not stopped by a quota: what the server will never take is dropped', async () => {
    const world = made({ server: { mostEntries: 2 } });
    const { server } = world;
    const action = world.assign();
    world.start();
    await world.until(() => world.runs(action) && world.note?.outbox.length === 0 && world.note.action === null);
    expect(world.notices.some(({ kind }) => kind === 'not-taken')).to.equal(true);
    expect(server.action(action.id).entries).to.have.length(2);
  });

  it('waits as long as it is asked to', async () => {
    const world = made();
    const { server, clock } = world;
    server.fault = onNthAsked('poll', 2, { kind: 'status', status: 429, retryAfter: 1_800 });
    world.start();
    await world.until(() => server.asked('poll') === 2);
    await clock.pass(1_790_000);
    expect(server.asked('poll')).to.equal(2);
  });

  it('goes on with the device while the server is away', async () => {
    const world = made();
    const { server } = world;
    const action = world.assign();
    world.start();
    await world.until(() => action.entries.length >= 2);
    server.restart(2 * HOUR);
    await world.until(() => world.runs(action));
    expect(isActive(action)).to.equal(true);
    await world.until(over(action));
    expect(action).to.include({ status: 'finished', ends: 1 });
  });

  it('says an end once, though its answer was lost', async () => {
    const world = made();
    const { server } = world;
    const action = world.assign();
    world.start();
    server.fault = ({ route }) =>
      route === 'feedback' && world.runs(action) && isActive(action) ? { kind: 'drop', when: 'after' } : null;
    await world.until(() => !isActive(action) && world.note?.outbox.length === 0);
    expect(action).to.include({ status: 'finished', ends: 1 });
  });

  it('updates in a maintenance window only', async () => {
    const world = made();
    const { clock } = world;
    const action = world.assign(0, { window: { opensAt: 3 * HOUR, lapsesAt: 5 * HOUR } });
    world.start();
    await world.until(over(action));
    expect(action.status).to.equal('finished');
    expect(clock.now()).to.be.at.least(3 * HOUR);
    expect(words(action).filter((status) => status === 'DOWNLOADED')).to.have.length(1);
  });

  it('downloads only, where that is all that is wanted', async () => {
    const world = made();
    const { device } = world;
    const action = world.assign(0, { type: 'downloadonly' });
    world.start();
    await world.until(() => !isActive(action) && world.note?.action === null);
    expect(action).to.include({ status: 'downloaded', ends: 1 });
    expect(device.requests.every(({ method }) => method === 'GET')).to.equal(true);
  });

  it('confirms by itself only where it was told to', async () => {
    const asking = made({ server: { confirms: true } });
    const action = asking.assign();
    asking.start();
    await asking.until(() => asking.server.asked('poll') > 5);
    expect(action.status).to.equal('wait-for-confirmation');
    expect(asking.notices.filter(({ kind }) => kind === 'needs-confirmation')).to.have.length(1);
    const told = made({ server: { confirms: true }, policy: { confirms: true } });
    const other = told.assign();
    told.start();
    await told.until(over(other));
    expect(other.status).to.equal('finished');
  });

  it('cancels what is in the middle of being written, and leaves the device idle', async () => {
    const world = made({
      device: { costs: { eraseMsPerBlock: 0, programMsPerBlock: 20_000, roundTripMs: 0 } },
    });
    const { server, device } = world;
    const action = world.assign();
    world.start();
    await world.until(() => device.session !== null && device.session.written > 0);
    server.cancel(action.id);
    await world.until(over(action));
    if (action.status === 'canceled') expect(device.session).to.equal(null);
    expect(action.ends).to.equal(1);
    expect(action.status === 'finished').to.equal(world.runs(action));
  });

  it('says “already installed” of a device that runs the image by its own word, and sends nothing', async () => {
    const world = made();
    const { device } = world;
    const first = world.assign();
    world.start();
    await world.until(over(first));
    await world.until(() => world.note?.outbox.length === 0);
    const sent = device.requests.filter(({ method }) => method === 'POST').length;
    const again = world.assign();
    await world.until(over(again));
    expect(again.status).to.equal('finished');
    expect(again.entries.at(-1)?.messages).to.deep.equal(['Already installed: the device runs exactly this image.']);
    expect(device.requests.filter(({ method }) => method === 'POST')).to.have.length(sent);
  });

  it('tries again with a device that restarts in the middle', async () => {
    const world = made();
    const { device } = world;
    device.fault = onNth('chunk', 2, { kind: 'restart', when: 'after' });
    const action = world.assign();
    world.start();
    await world.until(over(action));
    expect(action.status === 'finished').to.equal(world.runs(action));
    expect(action.ends).to.equal(1);
  });
});
