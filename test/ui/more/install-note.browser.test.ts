import { expect } from 'chai';
import { InstallationState, type InstallWay } from '../../../src/state/installation.ts';
import { InstallNote } from '../../../src/ui/more/install-note.ts';
import { findings } from '../axe.ts';
import { press } from '../finding.ts';
import { useOpenPage } from '../opened.ts';

/** What is said for each way to install; the compiler refuses a table without one of them. */
const WORDS: Readonly<Record<InstallWay, RegExp>> = {
  ask: /accepts files from other apps/,
  installed: /Moult is installed/,
  'share-sheet': /“Add to Home Screen”\. /,
  dock: /“Add to Dock”/,
  menu: /its menu has/,
  'not-secure': /can’t install it/,
};

describe('How Moult is installed', () => {
  const lan = { plain: ['http://192.168.1.5:6685/'], fingerprint: 'AB:CD' };
  const page = useOpenPage({ host: { gateway: true, discover: true, simulated: [], lan } });
  /** Part of a page, as axe asks. */
  let place: HTMLElement;
  let note: InstallNote;
  let way: InstallWay;
  let asked: number;
  let changed: () => void;

  beforeEach(async () => {
    [way, asked] = ['ask', 0];
    const installer = {
      get way() {
        return way;
      },
      onChange: (tell: () => void) => (changed = tell),
      ask: () => {
        asked += 1;
        return Promise.resolve();
      },
    };
    const { notices } = page.app;
    note = new InstallNote();
    note.app = {
      ...page.app,
      installation: new InstallationState({ installer, notices, offeredBefore: () => true, version: '1.2.0' }),
    };
    place = document.createElement('section');
    place.ariaLabel = 'This app';
    place.append(note);
    document.body.append(place);
    await note.updateComplete;
  });
  afterEach(() => place.remove());

  const text = (): string => (note.shadowRoot?.textContent ?? '').replaceAll(/\s+/g, ' ');

  it('is one button where the browser can ask', async () => {
    await press('Install Moult', note.shadowRoot ?? document);
    expect(asked).to.equal(1);
    expect(text()).to.contain('Moult 1.2.0');
  });

  for (const each of Object.keys(WORDS) as InstallWay[]) {
    it(`is told in words where the way is “${each}”`, async () => {
      way = each;
      changed();
      await note.updateComplete;
      expect(text()).to.match(WORDS[each]);
      expect(await findings()).to.deep.equal([]);
    });
  }

  it('leads from a page that is not encrypted to the page about trust', async () => {
    way = 'not-secure';
    changed();
    await note.updateComplete;
    expect(note.shadowRoot?.querySelector('a')?.getAttribute('href')).to.equal('/trust');
  });
});
