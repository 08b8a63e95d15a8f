import { expect } from 'chai';
import { aDevice } from '../../storage/samples.ts';
import { wear } from '../axe.ts';
import { all, press, until } from '../finding.ts';
import { useOpenPage } from '../opened.ts';
import { openPage } from '../page.ts';

const SIZES = ['small', 'text', 'large', 'title'] as const;

describe('The four sizes of type', () => {
  const page = useOpenPage();
  afterEach(() => (document.documentElement.style.fontSize = ''));

  function sizes(): readonly number[] {
    return SIZES.map((name) => {
      const text = document.createElement('span');
      text.style.fontSize = `var(--${name})`;
      page.shell.shadowRoot?.append(text);
      return parseFloat(getComputedStyle(text).fontSize);
    });
  }

  it('are those of the design where the person has set nothing', () => {
    expect(sizes()).to.deep.equal([13, 15, 18, 24]);
    expect(getComputedStyle(page.shell).fontSize, 'what has no size of its own').to.equal('15px');
  });

  it('follow the size that the person has set', () => {
    document.documentElement.style.fontSize = '20px';
    expect(sizes()).to.deep.equal([16.25, 18.75, 22.5, 30]);
  });
});

/** The relative luminance of WCAG 2, of "rgb(…)". */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map((part) => {
    const share = Number(part) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

for (const theme of ['light', 'dark'] as const) {
  it(`What stands in an empty field can be read, ${theme}`, async () => {
    const page = await openPage();
    try {
      wear(theme);
      const devices = Array.from({ length: 12 }, (_, at) =>
        aDevice({ id: `d${at}`, origin: `http://192.0.2.${at}:8080` }),
      );
      await page.app.devices.saveAll(devices, new Map());
      await press('Add device');
      const seen = await until('the search and the form', () => {
        const found = all('input[placeholder]:not([placeholder=""])');
        const hosts = new Set(found.map((one) => (one.getRootNode() as ShadowRoot).host.localName));
        return hosts.has('device-filter') && hosts.has('device-dialog') ? found : null;
      });
      for (const each of seen) {
        const { color, opacity } = getComputedStyle(each, '::placeholder');
        expect(opacity).to.equal('1');
        expect(contrast(color, getComputedStyle(each).backgroundColor), each.id).to.be.at.least(4.5);
      }
    } finally {
      for (const dialog of all('dialog[open]')) if (dialog instanceof HTMLDialogElement) dialog.close();
      page.close();
    }
  });
}
