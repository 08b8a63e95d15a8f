import axe from 'axe-core';
import { expect } from 'chai';
import { aFoundDevice } from '../../a-found-device.ts';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import type { Diagnosis, Remedy } from '../../../src/model/device/diagnosis.ts';
import type { HostOffers } from '../../../src/model/page/page-ports.ts';
import { tokens } from '../../../src/ui/kit/style/tokens.ts';
import { all, button, field, press, until } from '../finding.ts';
import { addDevice, usePage, useWorker } from '../opened.ts';
import { ADDRESS, serve } from '../page.ts';

/** One of each, so that none is forgotten. */
const REMEDIES: Readonly<Record<Remedy['kind'], Remedy>> = {
  'copy-cors-lines': { kind: 'copy-cors-lines', text: 'allow_origins=["x"]' },
  'copy-host-lines': { kind: 'copy-host-lines', text: 'allowed_hosts=["x"]' },
  'copy-loop-lines': { kind: 'copy-loop-lines', text: 'run_forever()' },
  'copy-ota-lines': { kind: 'copy-ota-lines', text: 'ota=True' },
  'copy-policy': { kind: 'copy-policy', text: "connect-src 'self' http: https:" },
  'run-host': { kind: 'run-host', text: 'npm ci && npm start' },
  'allow-local-network': { kind: 'allow-local-network' },
  'site-settings': { kind: 'site-settings' },
  'open-in-tab': { kind: 'open-in-tab', what: 'device', url: 'https://192.168.1.50:8080/' },
  'use-gateway': { kind: 'use-gateway' },
  'try-port': { kind: 'try-port', port: 80, origin: `http://${ADDRESS}` },
  'use-prefix': { kind: 'use-prefix', prefix: '/fw' },
  'edit-device': { kind: 'edit-device', field: 'token' },
  'try-again': { kind: 'try-again' },
};

function wear(theme: 'light' | 'dark'): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(tokens.cssText.replace('(prefers-color-scheme: dark)', theme === 'dark' ? 'all' : 'not all'));
  document.adoptedStyleSheets = [sheet];
}

/** `:focus` would ask for a window in front, which tests side by side do not have. */
function isActive(element: HTMLElement): boolean {
  const root = element.getRootNode();
  return root instanceof ShadowRoot && root.activeElement === element;
}

async function violations(): Promise<readonly string[]> {
  const { violations: found } = await axe.run(document, {
    // The test runner's document has no title or language of its own; index.html has.
    rules: { 'document-title': { enabled: false }, 'html-has-lang': { enabled: false } },
  });
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`);
}

describe('A card whose device is not reached', () => {
  const worker = useWorker();
  const page = usePage();
  afterEach(() => wear('light'));

  async function unreached(
    remedy: Remedy,
    { theme = 'light', host }: { readonly theme?: 'light' | 'dark'; readonly host?: HostOffers } = {},
  ): Promise<HTMLElement> {
    const finding: Diagnosis = { kind: 'header-missing', host: ADDRESS, remedy };
    serve(worker, new SimulatedDevice({ token: 'another' }));
    await page.open({ finding, ...(host && { host }) });
    wear(theme);
    const found = await addDevice('wrong', 'Kitchen');
    await until('the doctor', () => all('.found', found)[0]);
    return found;
  }

  for (const [kind, remedy] of Object.entries(REMEDIES)) {
    for (const theme of ['light', 'dark'] as const) {
      it(`says why, and one thing to do: ${kind}, ${theme}`, async () => {
        const found = await unreached(remedy, { theme });
        const doctor = await until('the doctor', () => all('.found', found)[0]);
        expect(doctor.textContent).to.contain('lists this page, but not the header');
        expect(all('button, a', doctor)).to.have.length(1);
        if ('text' in remedy) expect(doctor.textContent).to.contain(remedy.text);
        expect(await violations()).to.deep.equal([]);
      });
    }
  }

  for (const theme of ['light', 'dark'] as const) {
    it(`offers the pairing, and no second host, where this page’s host asks for it, ${theme}`, async () => {
      const host = { gateway: false, discover: false, simulated: [], pairing: 'needed' } as const;
      const found = await unreached(REMEDIES['run-host'], { theme, host });
      const doctor = await until('the doctor', () => all('.found', found)[0]);
      expect(doctor.textContent).to.contain('once this browser is paired').and.not.contain('npm');
      expect(all('button, a', doctor).map(({ textContent }) => textContent.trim())).to.deep.equal([
        'How to pair this browser',
      ]);
      expect(await violations()).to.deep.equal([]);
      all('a', doctor)[0]?.click();
      await until('“More”, which begins with it', () => {
        const headings = all('h1, h2').map(({ textContent }) => textContent);
        return headings[headings.indexOf('More') + 1] === 'Pair this browser';
      });
    });
  }

  it('offers the gateway as soon as the browser is paired', async () => {
    const host = { gateway: false, discover: false, simulated: [], pairing: 'needed' } as const;
    const found = await unreached(REMEDIES['run-host'], { host });
    page.app.host.$offers.set({ ...host, gateway: true, pairing: 'paired' });
    await button('Use the gateway', found);
    expect(all('.found', found)[0]?.textContent).not.to.contain('npm');
  });

  it('opens its settings at the field to change', async () => {
    const found = await unreached(REMEDIES['edit-device']);
    await press('Edit token', found);
    await field('Token');
    await until('the field', () => all('input#token').some((input) => isActive(input)));
  });

  it('opens its settings at the protocol, where that is what may be wrong', async () => {
    const found = await unreached({ kind: 'edit-device', field: 'protocol' });
    await press('Edit protocol', found);
    await until('the chosen protocol', () => all('input[value=automatic]').some((input) => isActive(input)));
  });

  it('has no second filled button beside the doctor’s', async () => {
    const found = await unreached(REMEDIES['try-again']);
    expect(all('button.next', found).map(({ textContent }) => textContent.trim())).to.deep.equal(['Try again']);
  });
});

describe('Finding devices in the dialog', () => {
  const page = usePage();
  const host = { gateway: true, discover: true, simulated: [] } as const;

  for (const theme of ['light', 'dark'] as const) {
    it(`lists what introduced itself, and fills in the one that is tapped, ${theme}`, async () => {
      await page.open({ host, found: [aFoundDevice({ name: 'Hall', address: 'http://192.168.1.51:8080' })] });
      wear(theme);
      await press('Add device');
      await press('Find devices');
      await button('Find devices again');
      expect(await violations()).to.deep.equal([]);
      (
        await until('the found one', () => all('li button').find(({ textContent }) => textContent.includes('Hall')))
      ).click();
      expect((await field('Name')).value).to.equal('Hall');
      expect((await field('Address')).value).to.equal('http://192.168.1.51:8080');
    });
  }

  it('is not offered where the host cannot look', async () => {
    await page.open({ host: { ...host, discover: false } });
    await press('Add device');
    await field('Address');
    expect(all('button').some(({ textContent }) => textContent.includes('Find devices'))).to.equal(false);
  });
});
