import { expect } from 'chai';
import { findings, wear } from '../axe.ts';
import { all, until } from '../finding.ts';
import { usePage } from '../opened.ts';

const ADDRESS = 'http://192.168.1.5:6685/';
const FINGERPRINT = 'AB:CD:EF';

describe('“More”, on a page that a host served', () => {
  const page = usePage();

  async function openMore(plain: readonly string[] | null): Promise<void> {
    const lan = plain === null ? null : { plain, fingerprint: FINGERPRINT };
    await page.open({ host: { gateway: true, discover: true, simulated: [], lan } });
    window.location.hash = '#/more';
    await until('“More”', () => all('h1').some(({ textContent }) => textContent === 'More'));
    await until('its parts', () => all('h2').some(({ textContent }) => textContent === 'This app'));
  }

  const text = (): string =>
    all('host-note')
      .map(({ shadowRoot }) => shadowRoot?.textContent ?? '')
      .join('');

  it('leads a phone to it by a code, an address, and a page that tells how to trust it', async () => {
    await openMore([ADDRESS, 'http://10.0.0.5:6685/']);
    expect(all(`svg[aria-label="Code that leads a phone to ${ADDRESS}"]`)).to.have.length(1);
    expect(text()).to.contain(ADDRESS).and.contain(FINGERPRINT).and.not.contain('10.0.0.5');
    expect(all('a[href="/trust"]').map(({ textContent }) => textContent)).to.include('How to trust this host');
    for (const theme of ['light', 'dark'] as const) {
      wear(theme);
      expect(await findings()).to.deep.equal([]);
    }
  });

  for (const [host, plain] of [
    ['keeps to its own machine', null],
    ['is on no network', []],
  ] as const) {
    it(`promises phones nothing where the host ${host}`, async () => {
      await openMore(plain);
      expect(text()).not.to.contain('phone');
    });
  }
});
