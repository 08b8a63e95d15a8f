import { expect } from 'chai';
import { SimulatedHawkbit } from '../../../src/simulator/hawkbit/simulated-hawkbit.ts';
import type { DistributionSet, HawkbitOptions } from '../../../src/simulator/hawkbit/options.ts';
import { FakeClock } from '../../update/scripted/fake-clock.ts';

const ORIGIN = 'http://hawkbit.test';
const BYTES = new Uint8Array([0xe9, 1, 2, 3, 4, 5, 6, 7]);
const SET: DistributionSet = {
  ...{ name: 'kitchen', version: '2' },
  modules: [{ name: 'kitchen', version: '2', part: 'os', artifacts: [{ filename: 'a file.bin', bytes: BYTES }] }],
};

interface Links {
  readonly _links?: Readonly<Record<string, { readonly href: string }>>;
}

describe('the simulated rollout server', () => {
  let clock: FakeClock;
  let server: SimulatedHawkbit;
  const made = (options: Partial<HawkbitOptions> = {}): void => {
    clock = new FakeClock();
    server = new SimulatedHawkbit({ clock, ...options });
  };
  beforeEach(() => made());

  const ask = (path: string, init: RequestInit = {}, token = 'GatewayToken gateway-secret'): Promise<Response> =>
    server.handle(
      new Request(path.startsWith('http') ? path : `${ORIGIN}/DEFAULT/controller/v1/${path}`, {
        ...init,
        headers: { Authorization: token, ...(init.headers as Record<string, string> | undefined) },
      }),
    );
  const say = (about: string, id: number, execution: string, finished = 'none'): Promise<Response> =>
    ask(`one/${about}/${id}/feedback`, {
      method: 'POST',
      body: JSON.stringify({ status: { execution, result: { finished } } }),
    });
  const links = async (): Promise<readonly string[]> => {
    const { _links: found = {} } = (await (await ask('one')).json()) as Links;
    return Object.keys(found).filter((name) => name !== 'configData');
  };

  it('registers every target that has the right gateway token, and no other', async () => {
    expect((await ask('one', {}, 'GatewayToken wrong')).status).to.equal(401);
    expect(server.targets.size).to.equal(0);
    expect((await ask('one')).status).to.equal(200);
    expect([...server.targets.keys()]).to.deep.equal(['one']);
    const { securityToken } = server.addTarget('two');
    expect((await ask('two', {}, `TargetToken ${securityToken}`)).status).to.equal(200);
    expect((await ask('one', {}, `TargetToken ${securityToken}`)).status).to.equal(401);
  });

  it('has links only where there is work, and says "the same" of a poll that is', async () => {
    const first = await ask('one');
    const tag = first.headers.get('ETag') ?? '';
    expect(await first.json()).to.deep.include({ config: { polling: { sleep: '00:05:00' } } });
    expect((await ask('one', { headers: { 'If-None-Match': tag } })).status).to.equal(304);
    server.assign('one', SET);
    expect((await ask('one', { headers: { 'If-None-Match': tag } })).status).to.equal(200);
    expect(await links()).to.deep.equal(['deploymentBase']);
  });

  it('tells of a long sleep as ISO 8601 has it', async () => {
    made({ pollSeconds: 90_000 });
    expect(await (await ask('one')).json()).to.deep.include({ config: { polling: { sleep: 'P1DT1H0M0S' } } });
  });

  const ends: readonly (readonly [execution: string, finished: string, status: string, isOpen: boolean])[] = [
    ['closed', 'success', 'finished', false],
    // A pitfall: feedback that says that it is over, and not how, counts as success.
    ['closed', 'none', 'finished', false],
    ['closed', 'failure', 'error', false],
    // And this one says that it was refused, and is offered it for ever.
    ['rejected', 'failure', 'running', true],
    ['proceeding', 'none', 'running', true],
    ['downloaded', 'none', 'downloaded', true],
  ];
  for (const [execution, finished, status, isOpen] of ends) {
    it(`takes ${execution}/${finished} for ${status}`, async () => {
      const action = server.assign('one', SET);
      expect((await say('deploymentBase', action.id, execution, finished)).status).to.equal(200);
      expect(action.status).to.equal(status);
      expect((await links()).includes('deploymentBase')).to.equal(isOpen);
      expect((await say('deploymentBase', action.id, 'proceeding')).status).to.equal(isOpen ? 200 : 410);
    });
  }

  it('ends a download-only action with the download', async () => {
    const action = server.assign('one', SET, { type: 'downloadonly' });
    const { deployment } = (await (await ask(`one/deploymentBase/${action.id}`)).json()) as { deployment: object };
    expect(deployment).to.include({ download: 'forced', update: 'skip' });
    await say('deploymentBase', action.id, 'downloaded');
    expect(await links()).to.deep.equal([]);
  });

  const wishes: readonly (readonly [execution: string, finished: string, status: string])[] = [
    ['closed', 'success', 'canceled'],
    ['closed', 'failure', 'running'],
    ['rejected', 'none', 'running'],
    ['canceled', 'none', 'canceling'],
  ];
  for (const [execution, finished, status] of wishes) {
    it(`takes ${execution}/${finished} on its wish to cancel for ${status}`, async () => {
      const action = server.assign('one', SET);
      server.cancel(action.id);
      expect(await links()).to.deep.equal(['cancelAction']);
      await say('cancelAction', action.id, execution, finished);
      expect(action.status).to.equal(status);
    });
  }

  it('still takes the end of an update while it wishes to cancel it', async () => {
    const action = server.assign('one', SET);
    server.cancel(action.id);
    await say('deploymentBase', action.id, 'closed', 'success');
    expect(action.status).to.equal('finished');
  });

  it('wishes an action to end where another one is assigned, or its window has lapsed', async () => {
    const first = server.assign('one', SET);
    server.assign('one', SET);
    expect(first.status).to.equal('canceling');
    made();
    const late = server.assign('one', SET, { window: { opensAt: 1_000, lapsesAt: 2_000 } });
    expect(await links()).to.deep.equal(['deploymentBase']);
    await clock.pass(2_000);
    expect(await links()).to.deep.equal(['cancelAction']);
    expect(late.status).to.equal('canceling');
  });

  it('turns a time-forced action from "attempt" to "forced"', async () => {
    const action = server.assign('one', SET, { type: 'timeforced', forceAt: 1_000 });
    const handling = async (): Promise<object> =>
      ((await (await ask(`one/deploymentBase/${action.id}`)).json()) as { deployment: object }).deployment;
    expect(await handling()).to.include({ update: 'attempt' });
    await clock.pass(1_000);
    expect(await handling()).to.include({ update: 'forced' });
  });

  it('asks for a confirmation first where the tenant wants one', async () => {
    made({ confirms: true });
    const action = server.assign('one', SET);
    expect(await links()).to.deep.equal(['confirmationBase']);
    expect((await say('deploymentBase', action.id, 'proceeding')).status).to.equal(404);
    await ask(`one/confirmationBase/${action.id}/feedback`, {
      method: 'POST',
      body: JSON.stringify({ confirmation: 'confirmed' }),
    });
    expect(await links()).to.deep.equal(['deploymentBase']);
  });

  it('hands out an artifact, and the rest of one', async () => {
    const action = server.assign('one', SET);
    const { deployment } = (await (await ask(`one/deploymentBase/${action.id}`)).json()) as {
      deployment: { chunks: { artifacts: { _links: { download: { href: string } } }[] }[] };
    };
    const href = deployment.chunks[0]?.artifacts[0]?._links.download.href ?? '';
    expect(new Uint8Array(await (await ask(href)).arrayBuffer())).to.deep.equal(BYTES);
    const rest = await ask(href, { headers: { Range: 'bytes=3-' } });
    expect(rest.status).to.equal(206);
    expect(new Uint8Array(await rest.arrayBuffer())).to.deep.equal(BYTES.subarray(3));
    expect((await ask(href, { headers: { Range: 'bytes=8-' } })).status).to.equal(416);
  });

  it('has room for so many words, failures included', async () => {
    made({ mostEntries: 1 });
    const action = server.assign('one', SET);
    expect((await say('deploymentBase', action.id, 'proceeding')).status).to.equal(200);
    const refused = await say('deploymentBase', action.id, 'closed', 'success');
    expect(refused.status).to.equal(403);
    expect(await refused.text()).to.include('quota');
  });

  it('keeps what it knows over a restart', async () => {
    const action = server.assign('one', SET);
    server.restart(1_000);
    expect(
      await ask('one').then(
        () => 'answered',
        () => 'nothing',
      ),
    ).to.equal('nothing');
    await clock.pass(1_000);
    expect(await links()).to.deep.equal(['deploymentBase']);
    expect(action.status).to.equal('running');
  });
});
