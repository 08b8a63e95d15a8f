import { expect } from 'chai';
import { decodeQR } from 'qr/decode.js';
import { encodeQR } from 'qr';
import { parseAddress } from '../../src/device/address.ts';
import { deviceIn, linkTo } from '../../src/ui/device-link.ts';
import { aDevice } from '../storage/samples.ts';
import { findings, wear } from './axe.ts';
import { all, button, card, field, fill, press, until } from './finding.ts';
import { openPage, type OpenPage } from './page.ts';

const PAGE = 'https://moult.test/';
const TOKEN = 'ab'.repeat(32);

describe('A device as a link', () => {
  it('comes back as what it was', () => {
    const device = aDevice({ name: 'Küche & Co #1', typed: 'kitchen.local', tokenHeader: 'X-Mine' });
    const adding = deviceIn(linkTo(PAGE, device, TOKEN));
    expect(adding).to.deep.equal({
      kind: 'new',
      name: device.name,
      address: device.typed,
      token: TOKEN,
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
      if (!saved.ok) throw new Error(saved.message);
      const { origin, prefix } = saved;
      const adding = deviceIn(linkTo(PAGE, aDevice({ typed, origin, prefix }), TOKEN));
      expect(parseAddress(adding?.address ?? ''), typed).to.deep.equal(saved);
    }
  });

  it('has name, address and token in the fragment only, which no server sees', () => {
    const url = new URL(linkTo(PAGE, aDevice(), TOKEN));
    expect(url.search).to.equal('');
    expect(url.origin + url.pathname).to.equal(PAGE);
    expect(url.hash).to.contain(TOKEN);
  });

  it('is read in a text around it, and not in what is none', () => {
    expect(deviceIn(`Look: ${linkTo(PAGE, aDevice(), null)}`)).to.include({ address: '192.168.1.50', token: '' });
    for (const text of ['', 'https://moult.test/', '#/add?', '#/add?name=Kitchen', 'WIFI:S:home;;']) {
      expect(deviceIn(text), text).to.equal(null);
    }
  });

  it('is read by the decoder from the code that the page draws', () => {
    const link = linkTo(PAGE, aDevice(), TOKEN);
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
  let page: OpenPage;

  beforeEach(async () => {
    page = await openPage();
    await page.app.devices.saveAll([aDevice({ name: 'Kitchen' })], new Map([['kitchen', TOKEN]]));
  });
  afterEach(() => page.close());

  it('shows the code and the token behind a tap and a warning only', async () => {
    await press('More', await card('Kitchen'));
    const dialog = await until('the sheet', () => all('dialog[open]')[0]);
    await button('Show the code');
    expect(all('qr-code')).to.be.empty;
    expect(
      all('.warning')
        .map(({ textContent }) => textContent)
        .join(),
    ).to.contain('Whoever sees it');
    await press('Show the code', dialog);
    const code = await until('the code', () => all('qr-code svg')[0] ?? all('svg[role=img]')[0]);
    expect(code.getAttribute('aria-label')).to.contain('Kitchen');
    await press('Hide the code');
    await until('no code', () => all('qr-code').length === 0);
  });

  it('takes the code away when the tokens are locked', async () => {
    await press('More', await card('Kitchen'));
    const dialog = await until('the sheet', () => all('dialog[open]')[0]);
    await press('Show the code', dialog);
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
      all('[role=alert]').some(({ textContent }) => textContent.includes('no link to a device')),
    );
    await fill('Or paste the link', linkTo(PAGE, aDevice({ name: 'Garage', typed: '192.0.2.7' }), TOKEN));
    await press('Use it');
    const name = await field('Name');
    await until('the name', () => name.value === 'Garage');
    expect((await field('Address')).value).to.equal('192.0.2.7');
    await press('Save');
    await card('Garage');
    const garage = page.app.devices.$devices.get().find(({ name }) => name === 'Garage');
    expect(await page.app.devices.token(garage?.id ?? '')).to.equal(TOKEN);
  });

  for (const theme of ['light', 'dark'] as const) {
    it(`has nothing that axe finds, ${theme}`, async () => {
      wear(theme);
      await press('More', await card('Kitchen'));
      await press('Show the code');
      await button('Hide the code');
      expect(await findings()).to.deep.equal([]);
      await press('Close');
      await press('Add device');
      await press('Scan a code');
      await field('Or paste the link');
      expect(await findings()).to.deep.equal([]);
    });
  }
});
