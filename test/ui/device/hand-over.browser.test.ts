import { expect } from 'chai';
import { decodeQR } from 'qr/decode.js';
import { encodeQR } from 'qr';
import { parseAddress } from '../../../src/device/address.ts';
import { deviceInLink, shareLink } from '../../../src/ui/device/dialog/share-link.ts';
import { aDevice } from '../../storage/samples.ts';
import { findings, wear } from '../axe.ts';
import { all, button, card, field, fill, focusedElement, press, until } from '../finding.ts';
import { useOpenPage } from '../opened.ts';

const PAGE = 'https://moult.test/';
const TOKEN = 'ab'.repeat(32);
/** As long as a token of 32 bytes is under a short code. */
const SEALED = 'Ab-_'.repeat(36);

describe('A device as a link', () => {
  it('comes back as what it was', () => {
    const device = aDevice({ name: 'Küche & Co #1', typed: 'kitchen.local', tokenHeader: 'X-Mine' });
    const adding = deviceInLink(shareLink(PAGE, device, SEALED));
    expect(adding).to.deep.equal({
      kind: 'new',
      name: device.name,
      address: device.typed,
      token: '',
      sealed: SEALED,
      tokenHeader: 'X-Mine',
    });
  });

  it('leads to the same address, port and path included', () => {
    for (const typed of [
      'http://10.0.0.5:80/api/ota',
      'https://10.0.0.5:443/api/ota',
      'http://[fe80::1]:80/x',
      'kitchen.local/api/ota',
      'kitchen.local:80',
      'https://kitchen.local',
    ]) {
      const saved = parseAddress(typed);
      if (saved.kind !== 'address') throw new Error(saved.kind);
      const { origin, prefix } = saved;
      const adding = deviceInLink(shareLink(PAGE, aDevice({ typed, origin, prefix }), SEALED));
      expect(parseAddress(adding?.address ?? ''), typed).to.deep.equal(saved);
    }
  });

  it('has name, address and the sealed token in the fragment only, which no server sees', () => {
    const url = new URL(shareLink(PAGE, aDevice(), SEALED));
    expect(url.search).to.equal('');
    expect(url.origin + url.pathname).to.equal(PAGE);
    expect(url.hash).to.contain(SEALED);
  });

  it('is read in a text around it, and not in what is none', () => {
    expect(deviceInLink(`Look: ${shareLink(PAGE, aDevice(), null)}`)).to.include({
      address: '192.168.1.50',
      token: '',
    });
    for (const text of ['', 'https://moult.test/', '#/add?', '#/add?name=Kitchen', 'WIFI:S:home;;']) {
      expect(deviceInLink(text), text).to.equal(null);
    }
  });

  it('is read by the decoder from the code that the page draws', () => {
    const link = shareLink(PAGE, aDevice(), SEALED);
    const modules = encodeQR(link, 'raw', { ecc: 'medium', border: 4 });
    const scale = 4;
    const width = modules.length * scale;
    const data = new Uint8ClampedArray(width * width * 4).fill(255);
    for (let y = 0; y < width; y += 1) {
      for (let x = 0; x < width; x += 1) {
        if (modules[Math.floor(y / scale)]?.[Math.floor(x / scale)] === true)
          data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
      }
    }
    expect(decodeQR({ width, height: width, data })).to.equal(link);
  });
});

describe('Handing a device to another phone', () => {
  const page = useOpenPage();

  beforeEach(async () => {
    await page.app.devices.saveAll([aDevice({ name: 'Kitchen' })], new Map([['kitchen', TOKEN]]));
  });

  const link = (): string | undefined =>
    all('qr-code').flatMap((code) => ('text' in code && typeof code.text === 'string' ? code.text : []))[0];
  const shortCode = (): string => all('.short')[0]?.textContent ?? '';
  const warnings = (): string =>
    all('.warning')
      .map(({ textContent }) => textContent)
      .join();

  async function show(withToken: boolean): Promise<string> {
    await press('History and sharing', await card('Kitchen'));
    const dialog = await until('the sheet', () => all('dialog[open]')[0]);
    await button('Show the code');
    expect(all('qr-code')).to.be.empty;
    if (withToken) (await field('Include its token, protected by a short code')).click();
    if (withToken) await until('the warning', () => warnings().includes('and the short code can put firmware on'));
    await press('Show the code', dialog);
    return until('the code', link);
  }

  it('leaves the token out unless it is asked for', async () => {
    const shown = await show(false);
    expect(shown).to.contain('#/add?').and.not.contain(TOKEN).and.not.contain('sealed');
    expect(shortCode() + warnings()).to.equal('');
    const code = await until('the code', () => all('svg[role=img]')[0]);
    expect(code.getAttribute('aria-label')).to.contain('Kitchen');
    await press('Hide the code');
    await until('no code', () => all('qr-code').length === 0);

    // Where it is opened, the token is what is left to be typed.
    await press('Close');
    await page.app.devices.remove('kitchen');
    location.hash = shown.slice(shown.indexOf('#'));
    const asked = await field('Token');
    await until('the focus', () => focusedElement() === asked);
  });

  it('takes the token along under a short code, which is in no link', async () => {
    const shown = await show(true);
    const code = shortCode();
    expect(code).to.match(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    expect(shown)
      .to.contain('sealed=')
      .and.not.contain(TOKEN)
      .and.not.contain(code)
      .and.not.contain(code.replace('-', ''));
    await press('Close');
    await page.app.devices.remove('kitchen');

    location.hash = shown.slice(shown.indexOf('#'));
    const asked = await field('Short code');
    await until('the focus', () => focusedElement() === asked);
    await fill('Short code', code.startsWith('A') ? code.replace('A', 'B') : `A${code.slice(1)}`);
    await until('why not', () => all('#code-hint')[0]?.textContent.includes('doesn’t unlock the token'));
    expect((await field('Token')).value).to.equal('');
    await fill('Short code', code.toLowerCase());
    await until('the token', () => all('#code-hint')[0]?.textContent === 'The token is filled in.');
    expect((await field('Token')).value).to.equal(TOKEN);
    await press('Save');
    await card('Kitchen');
    const [device] = page.app.devices.$devices.get();
    expect(await page.app.devices.token(device?.id ?? '')).to.equal(TOKEN);
  });

  it('says of a link with a token as it is that the history keeps it, and of a scanned one does not', async () => {
    const OLD = 'cd'.repeat(32);
    const words = (): boolean =>
      all('dialog[open] p').some(({ textContent }) => /history\s+keeps it/.test(textContent));
    location.hash = `#/add?name=Hall&address=192.0.2.9&token=${OLD}`;
    expect((await field('Token')).value).to.equal(OLD);
    expect(words()).to.equal(true);
    await press('New token');
    expect((await field('Token')).value).not.to.equal(OLD);
    await press('Cancel');
    await press('Add device');
    await press('Scan a code');
    await fill('Or paste the link', `${PAGE}#/add?name=Hall&address=192.0.2.9&token=${OLD}`);
    await press('Use it');
    await until('the token', () => all('input').some((input) => (input as HTMLInputElement).value === OLD));
    expect(words()).to.equal(false);
  });

  it('carries no token where the page is not encrypted, and opens none there', async () => {
    await page.open({ secure: false });
    await page.app.devices.saveAll([aDevice({ name: 'Kitchen' })], new Map([['kitchen', TOKEN]]));
    await press('History and sharing', await card('Kitchen'));
    await until('why not', () => all('p').some(({ textContent }) => textContent.includes('Its token is not shared')));
    expect(all('input[type=checkbox]')).to.be.empty;
    await press('Show the code');
    expect(await until('the code', link)).not.to.contain('sealed');
    await press('Close');
    location.hash = `#/add?name=Hall&address=192.0.2.9&sealed=${SEALED}`;
    await until('why not', () => all('p').some(({ textContent }) => textContent.includes('this page can’t use')));
    expect(all('#code')).to.be.empty;
  });

  it('takes the code away when the tokens are locked', async () => {
    await show(true);
    await until('the code', () => all('qr-code').length === 1);
    page.app.tokenLock.$lock.set('locked');
    await until('no code', () => all('qr-code').length === 0);
  });

  it('takes a pasted link where there is no camera, and fills the dialog in', async () => {
    await press('Add device');
    await press('Scan a code');
    await fill('Or paste the link', 'nothing of the kind');
    await press('Use it');
    await until('why not', () =>
      all('[role=alert]').some(({ textContent }) => textContent.includes('not a link to a device')),
    );
    await fill('Or paste the link', shareLink(PAGE, aDevice({ name: 'Garage', typed: '192.0.2.7' }), null));
    await press('Use it');
    const name = await field('Name');
    await until('the name', () => name.value === 'Garage');
    expect((await field('Address')).value).to.equal('192.0.2.7');
    await fill('Token', TOKEN);
    await press('Save');
    await card('Garage');
    const garage = page.app.devices.$devices.get().find(({ name }) => name === 'Garage');
    expect(await page.app.devices.token(garage?.id ?? '')).to.equal(TOKEN);
  });

  for (const theme of ['light', 'dark'] as const) {
    it(`has nothing that axe finds, ${theme}`, async () => {
      wear(theme);
      await show(true);
      await button('Hide the code');
      expect(await findings()).to.deep.equal([]);
      await press('Close');
      await press('Add device');
      await press('Scan a code');
      await field('Or paste the link');
      expect(await findings()).to.deep.equal([]);
      location.hash = `#/add?name=Hall&address=192.0.2.9&sealed=${SEALED}`;
      await field('Short code');
      expect(await findings()).to.deep.equal([]);
    });
  }
});
