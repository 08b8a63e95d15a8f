import { expect } from 'chai';
import { fleetName, startFleet, type FleetMember } from '../../../src/simulator/node/fleet.ts';
import { serveDevice, type ServedDevice } from '../../../src/simulator/node/node-server.ts';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import { SIMULATED_DIALECTS } from '../../../src/simulator/options.ts';

describe('A fleet of simulated devices', () => {
  let members: readonly FleetMember[] = [];

  afterEach(async () => {
    await Promise.all(members.map((member) => member.close()));
    members = [];
  });

  it('speaks each dialect in turn, each device with its own name, address and token', async () => {
    members = await startFleet({ count: 4, basePort: 0 });
    const inTurn = [...SIMULATED_DIALECTS, ...SIMULATED_DIALECTS].slice(0, 4);
    expect(members.map(({ dialect }) => dialect)).to.deep.equal(inTurn);
    for (const key of ['name', 'origin', 'token'] as const) {
      expect(new Set(members.map((member) => member[key])).size).to.equal(members.length);
    }
    for (const { token } of members) expect(token).to.match(/^[0-9a-f]{64}$/);
  });

  it('answers to its tokens', async () => {
    members = await startFleet({ count: 2, basePort: 0 });
    const [shipped, documented] = members;
    const status = await fetch(`${shipped?.origin ?? ''}/ota/status`, {
      headers: { 'X-OTA-Token': shipped?.token ?? '' },
    });
    expect(status.status).to.equal(200);
    const begun = await fetch(`${documented?.origin ?? ''}/ota/begin`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${documented?.token ?? ''}` },
      body: '{"size":1}',
    });
    expect(begun.status).to.equal(200);
    await Promise.all([status.arrayBuffer(), begun.arrayBuffer()]);
  });

  it('tells the name of each device to anyone who asks', async () => {
    members = await startFleet({ count: 2, basePort: 0 });
    for (const { origin, name } of members) {
      const description = (await (await fetch(`${origin}/openapi.json`)).json()) as { info: { title: string } };
      expect(description.info.title).to.equal(name);
    }
  });

  it('gives the same device the same name every time, and two hundred devices different ones', () => {
    const names = Array.from({ length: 200 }, (_, i) => fleetName(i));
    expect(new Set(names).size).to.equal(names.length);
    expect(names.slice(0, 2)).to.deep.equal(['Kitchen sensor', 'Hall sensor']);
  });

  it('leaves nothing behind where one of its ports is taken', async () => {
    const { free, blocker } = await freePortBeforeATakenOne();
    try {
      const failed = await startFleet({ count: 2, basePort: free }).catch((error: unknown) => error);
      expect((failed as NodeJS.ErrnoException).code).to.equal('EADDRINUSE');
      // The first device had its port already; that is free again.
      members = await startFleet({ count: 1, basePort: free });
    } finally {
      await blocker.close();
    }
  });

  it('gives a device whose port is taken another one, where that is wanted', async () => {
    const { free, blocker } = await freePortBeforeATakenOne();
    try {
      members = await startFleet({ count: 2, basePort: free, orAnyPort: true });
      expect(members.map(({ origin }) => new URL(origin).port)[0]).to.equal(String(free));
      const answers = await Promise.all(members.map(({ origin }) => fetch(`${origin}/openapi.json`)));
      expect(answers.map(({ ok }) => ok)).to.deep.equal([true, true]);
      await Promise.all(answers.map((answer) => answer.arrayBuffer()));
    } finally {
      await blocker.close();
    }
  });
});

/** Two neighbouring ports, the second of them taken; tries several, since other programs have ports, too. */
async function freePortBeforeATakenOne(): Promise<{ free: number; blocker: ServedDevice }> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const first = await serveDevice(new SimulatedDevice(), { port: 0 });
    await first.close();
    const blocker = await serveDevice(new SimulatedDevice(), { port: first.port + 1 }).catch(() => null);
    if (blocker) return { free: first.port, blocker };
  }
  throw new Error('No two neighbouring ports are free.');
}
