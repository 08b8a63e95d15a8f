import { expect } from 'chai';
import { savedDevice } from '../../state/given.ts';
import { all, button, field, fill, focusedElement, press, until } from '../finding.ts';
import { useOpenPage } from '../opened.ts';

/** What a field is described by, in the root where it stands. */
function saidOf(element: Element): string {
  const root = element.getRootNode();
  const id = element.getAttribute('aria-describedby') ?? '';
  return root instanceof ShadowRoot ? (root.getElementById(id)?.textContent ?? '') : '';
}

function enter(on: HTMLElement): void {
  on.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, composed: true, cancelable: true }));
}

describe('The dialog of a device', () => {
  const page = useOpenPage();

  const question = (): Promise<HTMLElement> =>
    until(
      'the question',
      () => all('confirm-dialog').flatMap((host) => all('dialog[open]', host.shadowRoot ?? host))[0],
    );
  const dialog = (): Promise<HTMLDialogElement> =>
    until('the dialog', () =>
      all('device-dialog')
        .flatMap((host) => all('dialog[open]', host.shadowRoot ?? host))
        .find((found): found is HTMLDialogElement => found instanceof HTMLDialogElement),
    );

  it('says all that is wrong at once, each at its field, goes to the first, and sums it up aloud', async () => {
    await press('Add device');
    await fill('Name', ' ');
    await fill('Address', 'no such place');
    await fill('Token', 'two words');
    await press('Save');
    await until('the focus', () => focusedElement()?.id === 'name');
    for (const [name, words] of [
      ['Name', 'Give the device a name'],
      ['Address', 'spaces'],
      ['Token', 'can’t contain spaces'],
    ] as const) {
      const wrong = await field(name);
      expect(wrong.getAttribute('aria-invalid'), name).to.equal('true');
      expect(saidOf(wrong)).to.contain(words);
    }
    const summary = (): string =>
      all('[role=alert]')
        .map(({ textContent }) => textContent)
        .join('');
    expect(summary()).to.equal('Not saved. Check 3 fields: Name, Address, Token.');
    await fill('Name', 'Kitchen');
    await fill('Token', 'one');
    await until('the summary to go', () => summary() === '');
  });

  it('opens “More settings” where something is wrong in there', async () => {
    const { id } = await savedDevice(page.app.devices, { name: 'Kitchen' });
    const kitchen = page.app.devices.find(id);
    if (kitchen === undefined) throw new Error('not saved');
    page.shell.open({ kind: 'saved', device: kitchen, field: 'tokenHeader' });
    await fill('Token header (as shipped only)', 'Host');
    await press('Save');
    await until('the focus', () => focusedElement()?.id === 'tokenHeader');
  });

  it('is saved by Enter in a field that stands in a root of its own', async () => {
    await press('Add device');
    await fill('Name', 'Kitchen');
    await fill('Address', 'kitchen.test');
    await fill('Token', 'secret');
    enter(await field('Token'));
    await until('the device', () => page.app.devices.$devices.get().length === 1);
  });

  it('says whether the token is shown', async () => {
    await press('Add device');
    const show = await button('Show token');
    expect(show.textContent.trim()).to.equal('Show');
    expect(show.getAttribute('aria-pressed')).to.equal('false');
    show.click();
    await until('the state', () => show.getAttribute('aria-pressed') === 'true');
    expect((await field('Token')).type).to.equal('text');
  });

  const ways: Readonly<Record<string, () => Promise<unknown>>> = {
    Cancel: () => press('Cancel'),
    'Escape or Back': async () => (await dialog()).dispatchEvent(new Event('cancel', { cancelable: true })),
    'a close that asks nobody': async () => (await dialog()).close(),
    '“Scan a code”': async () => press('Scan a code', await dialog()),
  };
  for (const [way, leave] of Object.entries(ways)) {
    it(`asks before a new token is lost by ${way}, and keeps it after a no`, async () => {
      await press('Add device');
      await press('New token');
      const token = (await field('Token')).value;
      await leave();
      await press('Cancel', await question());
      await until('no question', () => page.app.questions.$question.get() === null);
      expect(isOpenNow()).to.equal(true);
      expect((await field('Token')).value).to.equal(token);
      await press('Cancel', await dialog());
      await press('Discard', await question());
      await until('the end', () => !isOpenNow());
    });
  }

  function isOpenNow(): boolean {
    return page.shell.subject !== null;
  }

  it('asks nothing where there is no new token, or another was typed over it', async () => {
    await press('Add device');
    await press('Cancel');
    await until('the end', () => !isOpenNow());
    await press('Add device');
    await press('New token');
    await fill('Token', 'mine');
    await press('Cancel');
    await until('the end', () => !isOpenNow());
    expect(page.app.questions.$question.get()).to.equal(null);
  });
});
