import { expect } from 'chai';
import { askOpenApiByAnyRoute } from '../../../src/device/viperhttp/openapi.ts';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import type { DeviceOptions } from '../../../src/simulator/options.ts';
import { pageClock } from '../../../src/page/clock.ts';
import type { AskSelf } from '../../../src/state/device/check/ask-self.ts';
import { all, card, field, fill, press, until } from '../finding.ts';
import { usePage, useWorker } from '../opened.ts';
import { ADDRESS, serve } from '../page.ts';

/** As the real page asks, over the worker. */
const overTheWire: AskSelf = (where, signal) =>
  askOpenApiByAnyRoute(
    where,
    null,
    { signal, timeoutMs: Infinity },
    { fetch: (url, init) => fetch(url, init), clock: pageClock, permission: async () => 'none' },
  );

const GREENHOUSE = { title: 'Greenhouse', version: '1.4.0', description: '' } as const;

describe('Adding a device that tells of itself', () => {
  const worker = useWorker();
  const page = usePage();

  async function open(options: Partial<DeviceOptions> = {}, askSelf: AskSelf = overTheWire): Promise<void> {
    serve(worker, new SimulatedDevice({ token: 'secret', docs: GREENHOUSE, ...options }));
    await page.open({ askSelf });
    await press('Add device');
  }

  /** Types it, and leaves the field. */
  async function typeAddress(address: string): Promise<void> {
    await fill('Address', address);
    (await field('Address')).dispatchEvent(new Event('change'));
  }

  const said = (): string => all('dialog p[role=status]')[0]?.textContent.trim() ?? '';
  const saved = () => page.app.devices.$devices.get()[0];

  it('names it, finds its path and its dialect, and says so', async () => {
    await open({ prefix: '/fw' });
    await typeAddress(ADDRESS);
    await until('a word of it', () => said() !== '');
    expect(said()).to.equal('This is Greenhouse, version 1.4.0. It takes updates under /fw.');
    expect((await field('Name')).value).to.equal('Greenhouse');
    await fill('Token', 'secret');
    await press('Save');
    await card('Greenhouse');
    expect(saved()).to.include({ name: 'Greenhouse', prefix: '/fw', dialect: 'shipped', protocol: 'automatic' });
    const answer = await until('the answer', () => {
      const view = page.app.checks.$check(saved()?.id ?? '').get();
      return view.kind === 'answered' && view.app !== undefined && view;
    });
    expect(answer.app).to.equal('Greenhouse, version 1.4.0');
    await until('its words', () =>
      all('device-card').some(({ shadowRoot }) =>
        shadowRoot?.textContent.includes('Online. Program: Greenhouse, version 1.4.0.'),
      ),
    );
  });

  it('leaves what was typed', async () => {
    await open({ prefix: '/fw' });
    await fill('Name', 'Kitchen');
    const details = await until('the settings', () => all('dialog[open] details')[0]);
    if (details instanceof HTMLDetailsElement) details.open = true;
    await fill('Update path', '/mine');
    await typeAddress(ADDRESS);
    await until('a word of it', () => said() !== '');
    expect([(await field('Name')).value, (await field('Update path')).value]).to.deep.equal(['Kitchen', '/mine']);
    await press('Save');
    await card('Kitchen');
    expect(saved()).to.include({ name: 'Kitchen', prefix: '/mine' });
  });

  it('forgets what it was told of an address that is typed over', async () => {
    await open({ prefix: '/fw' });
    await typeAddress(ADDRESS);
    const name = await field('Name');
    await until('a name', () => name.value === 'Greenhouse');
    await fill('Address', 'other.test');
    await until('it gone', () => name.value === '' && said() === '');
    const details = await until('the settings', () => all('dialog[open] details')[0]);
    if (details instanceof HTMLDetailsElement) details.open = true;
    expect((await field('Update path')).value).to.equal('/ota');
  });

  it('says that updates are off', async () => {
    await open({ ota: false });
    await typeAddress(ADDRESS);
    await until('a word of it', () => said().includes('It lists no updates: its program must start with ota=True.'));
  });

  it('asks each address once, and none that is no address', async () => {
    const asked: string[] = [];
    await open({}, async ({ origin }) => {
      asked.push(origin);
      return null;
    });
    for (const address of ['no such place', ADDRESS, ADDRESS, `http://${ADDRESS}:8080`, 'hall.test:81']) {
      await typeAddress(address);
    }
    expect(asked).to.deep.equal([`http://${ADDRESS}:8080`, 'http://hall.test:81']);
  });

  it('waits for the name with Save, where none was typed', async () => {
    let answer: (told: Awaited<ReturnType<AskSelf>>) => void = () => undefined;
    await open({}, () => new Promise((resolve) => (answer = resolve)));
    await typeAddress(ADDRESS);
    await press('Save');
    answer({ isViper: true, title: 'Greenhouse', version: null, otas: [] });
    await card('Greenhouse');
  });
});
