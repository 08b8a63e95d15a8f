import axe from 'axe-core';
import { expect } from 'chai';
import { lockedBy } from '../../../src/simulator/viperhttp/app-auth.ts';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import { all, field, fill, press, until } from '../finding.ts';
import { addDevice, useOpenPage, useWorker } from '../opened.ts';
import { ADDRESS, serve } from '../page.ts';

describe('The user and password of a device', () => {
  const worker = useWorker();
  const page = useOpenPage({
    finding: {
      ...{ kind: 'login-wanted', refused: false, host: ADDRESS },
      remedy: { kind: 'edit-device', field: 'login', saved: false },
    },
  });
  beforeEach(() => serve(worker, new SimulatedDevice({ token: 'secret', appAuth: lockedBy('ada', '1815') })));

  const add = (): Promise<HTMLElement> => addDevice('secret', 'Kitchen');

  const id = (): string => page.app.devices.$devices.get()[0]?.id ?? '';

  async function addLogin(found: HTMLElement): Promise<void> {
    await press('Add user and password', found);
    await fill('User', 'ada');
    await fill('Password', '1815');
    await press('Save');
  }

  it('are typed where the doctor leads, and the device answers', async () => {
    const found = await add();
    await press('Add user and password', found);
    const user = await field('User');
    await until('the cursor in it', () => (user.getRootNode() as ShadowRoot).activeElement === user);
    expect((await field('Password')).type).to.equal('password');
    const { violations } = await axe.run(document, {
      rules: { 'document-title': { enabled: false }, 'html-has-lang': { enabled: false } },
    });
    expect(violations.map(({ id: rule }) => rule)).to.deep.equal([]);
    await fill('User', 'ada');
    await fill('Password', '1815');
    await press('Save');
    await until('its answer', () => page.app.checks.$check(id()).get().kind === 'answered');
    const [saved] = page.app.devices.$devices.get();
    expect(saved && (await page.app.devices.secrets(saved))).to.deep.equal({
      token: 'secret',
      login: { user: 'ada', password: '1815' },
    });
  });

  it('stay when something else is edited, are shown to nobody, and can be forgotten', async () => {
    const found = await add();
    await addLogin(found);
    await until('its answer', () => page.app.checks.$check(id()).get().kind === 'answered');
    await press('Edit', found);
    const details = await until('the settings', () => all('dialog[open] details')[0]);
    if (details instanceof HTMLDetailsElement) details.open = true;
    expect([(await field('User')).value, (await field('User')).placeholder]).to.deep.equal(['', 'Unchanged']);
    await press('New token');
    const lines = (): string => all('pre[aria-label="Lines for the device"]')[0]?.textContent ?? '';
    (await field('ViperHTTP as shipped')).click();
    await until('lines that list its header', () => lines().includes('"Authorization", "Content-Type", "X-OTA-Token"'));
    await press('Forget user and password');
    await until('a word about it', () => all('#login-hint')[0]?.textContent.includes('forgotten when you save'));
    await until('lines without its header', () => lines().includes('allow_headers=["Content-Type", "X-OTA-Token"]'));
    await press('Save');
    await until('them gone', () => !page.app.devices.keepsLogin(id()));
  });

  it('take the token’s place for a device that has none, beside its default user name', async () => {
    await press('Add device');
    await fill('Name', 'Plug');
    await fill('Address', ADDRESS);
    (await field('Tasmota')).click();
    await until('its own field', () => all('dialog[open] input#login')[0]);
    expect((await field('User name')).placeholder).to.equal('admin');
    expect((await field('Password')).type).to.equal('password');
    const labels = () => all('dialog[open] label').map((label) => label.textContent);
    expect(labels()).to.not.include.members(['Token', 'User']);
    await fill('Password', 'pass word');
    await press('Save');
    await until('it saved', () => page.app.devices.$devices.get().length === 1);
    const [saved] = page.app.devices.$devices.get();
    expect(saved && (await page.app.devices.secrets(saved))).to.deep.equal({
      token: null,
      login: { user: 'admin', password: 'pass word' },
    });
  });

  it('that cannot be sent are refused under their field', async () => {
    const found = await add();
    await press('Add user and password', found);
    await fill('User', 'a:b');
    await fill('Password', 'x');
    await press('Save');
    await until('the word about it', () => all('#login-hint.error')[0]?.textContent.includes('colon'));
    await fill('User', 'ab');
    await until('it gone', () => all('#login-hint.error').length === 0);
  });
});
