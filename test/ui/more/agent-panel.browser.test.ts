import { expect } from 'chai';
import { http, HttpResponse } from 'msw';
import type { AgentOrder, AgentTarget, AgentView } from '../../../src/model/agent/agent-view.ts';
import { findings, wear } from '../axe.ts';
import { all, press, until } from '../finding.ts';
import { usePage, useWorker } from '../opened.ts';

const IDLE: AgentTarget = {
  ...{ controllerId: 'moult-lamp', name: 'Lamp', isSeen: true, lastSeen: 1, assignment: null, told: null, unsent: 0 },
};
const OFFER: AgentTarget = {
  ...{ ...IDLE, controllerId: 'moult-kitchen', name: 'Kitchen' },
  assignment: {
    ...{ action: '7', standing: 'offer', progress: null },
    file: { name: 'kitchen.bin', size: 1_048_576, version: '2.1.0' },
  },
  told: { at: Date.now(), lines: ['Waiting for a person on site.'] },
};
const RUNS: AgentTarget = {
  ...{ ...IDLE, controllerId: 'moult-bath', name: 'Bath', unsent: 2 },
  assignment: {
    ...{ action: '8', standing: 'running', file: null },
    progress: { acknowledged: 430, total: 1_000 },
  },
};
const VIEW: AgentView = {
  ...{ server: 'https://hawkbit.test', tenant: 'DEFAULT', connection: { kind: 'connected', since: Date.now() } },
  ...{ pausedAt: null, targets: [OFFER, RUNS, IDLE], more: 3 },
};

describe('the rollout server’s agent on “More”', () => {
  const worker = useWorker();
  const page = usePage();
  let orders: AgentOrder[];
  afterEach(() => worker.resetHandlers());

  async function shown(view: AgentView): Promise<void> {
    orders = [];
    let now = view;
    worker.use(
      http.get('/agent', () => HttpResponse.json(now)),
      http.post('/agent', async ({ request }) => {
        const order = (await request.json()) as AgentOrder;
        orders.push(order);
        now = { ...now, pausedAt: order.kind === 'pause' ? Date.now() : null };
        return HttpResponse.json(now);
      }),
    );
    await page.open({ host: { gateway: true, discover: true, simulated: [], agent: true } });
    window.location.hash = '#/more';
    await until('the agent', () => all('h2').some(({ textContent }) => textContent === 'Rollout server'));
  }
  const panel = (): ShadowRoot | null => all('agent-panel')[0]?.shadowRoot ?? null;
  const text = (): string => panel()?.textContent ?? '';
  const lines = (): string[] =>
    [...(panel()?.querySelectorAll('li') ?? [])].map(({ textContent }) => textContent.replaceAll(/\s+/g, ' ').trim());

  it('says how its server stands, and of each device what is assigned and what was reported', async () => {
    await shown(VIEW);
    expect(text()).to.match(/connected to https:\/\/hawkbit\.test, tenant DEFAULT, since .+ today/);
    const [kitchen, bath, lamp] = lines();
    expect(kitchen).to.match(/^Kitchen moult-kitchen Can be installed: kitchen\.bin, 2\.1\.0, 1\.0 MB Install/);
    expect(kitchen).to.match(/Reported .+ today: Waiting for a person on site\.$/);
    expect(bath).to.equal('Bath moult-bath Updating, 43 % 2 reports not sent yet.');
    expect(lamp).to.equal('Lamp moult-lamp Nothing assigned');
    expect(text()).to.include('And 3 more devices.');
    for (const theme of ['light', 'dark'] as const) {
      wear(theme);
      expect(await findings()).to.deep.equal([]);
    }
  });

  it('installs what waits for a person, by its name', async () => {
    await shown(VIEW);
    await press('Install kitchen.bin on Kitchen');
    await until('the order', () => orders.length > 0);
    expect(orders).to.deep.equal([{ kind: 'install', controllerId: 'moult-kitchen', action: '7' }]);
  });

  it('is paused and resumed', async () => {
    await shown(VIEW);
    await press('Pause the agent');
    await until('the pause', () => text().includes('Paused since'));
    await press('Resume');
    await until('its end', () => !text().includes('Paused since'));
    expect(orders).to.deep.equal([{ kind: 'pause' }, { kind: 'resume' }]);
  });

  it('is not there where the host has none', async () => {
    await page.open({ host: { gateway: true, discover: true, simulated: [] } });
    window.location.hash = '#/more';
    await until('“More”', () => all('h2').some(({ textContent }) => textContent === 'This app'));
    expect(all('agent-panel')).to.have.length(0);
  });
});
