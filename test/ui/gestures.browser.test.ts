/** Back, “Undo” and “Print”. */
import { expect } from 'chai';
import { aHistoryEntry } from '../storage/samples.ts';
import { all, card, press, until } from './finding.ts';
import { TOKEN, add, openDialogs, isMarked, useGestures } from './gestures.ts';

describe('Gestures', () => {
  const { page } = useGestures();

  it('closes a dialog at Back, stays at its place, and leaves no entry behind', async () => {
    const before = history.length;
    await press('Add device');
    await until('the dialog', () => openDialogs().length === 1 && isMarked());
    history.back();
    await until('it to close', () => openDialogs().length === 0 && !isMarked());
    expect(location.hash).to.equal('#/devices');
    for (let turn = 0; turn < 3; turn += 1) {
      await press('Add device');
      await until('the dialog', () => openDialogs().length === 1 && isMarked());
      await press('Cancel');
      await until('the entry to go', () => !isMarked() && openDialogs().length === 0);
    }
    expect(history.length).to.be.at.most(before + 1);
    expect(location.hash).to.equal('#/devices');
  });

  it('closes the topmost of two dialogs at Back, and answers its question with no', async () => {
    await add('Kitchen sensor');
    await press('Add device');
    await until('the dialog', () => openDialogs().length === 1);
    const answer = page.app.questions.ask({ kind: 'clear-history' });
    await until('both', () => openDialogs().length === 2);
    history.back();
    expect(await answer).to.equal(false);
    await until('one dialog with its entry', () => openDialogs().length === 1 && isMarked());
  });

  it('leads by a link in a dialog to its place, and by Back to where the dialog was opened', async () => {
    await add('Kitchen sensor');
    await press('History and sharing', await card('Kitchen sensor'));
    const link = await until('the link', () =>
      all('a[href^="#/history"]').find(
        (each) =>
          each.getRootNode() !== document &&
          each.closest('li') === null &&
          each.checkVisibility() &&
          each.getAttribute('href')?.includes('device='),
      ),
    );
    link.click();
    await until('the history', () => location.hash.startsWith('#/history?device='));
    await until('the sheet to close', () => openDialogs().length === 0);
    history.back();
    await until('the devices', () => location.hash === '#/devices');
    expect(openDialogs()).to.deep.equal([]);
    expect(isMarked()).to.equal(false);
  });

  it('brings back a device that was removed, as it was, and one line of the history', async () => {
    await add('Kitchen sensor');
    const before = page.app.devices.$devices.get();
    await press('Remove', await card('Kitchen sensor'));
    await press('Remove', await until('the question', () => openDialogs()[0]));
    await until('the empty page', () => page.app.devices.$devices.get().length === 0);
    await press('Undo');
    await card('Kitchen sensor');
    expect(page.app.devices.$devices.get().map(({ id }) => id)).to.deep.equal(before.map(({ id }) => id));
    expect(await page.app.devices.token(before[0]?.id ?? '')).to.equal(TOKEN);

    await until('the entry of the question to go', () => !isMarked());
    await page.app.history.keep(aHistoryEntry({ id: 'u1' }));
    location.hash = '#/history';
    const row = await until('the line', () => all('history-row')[0]?.shadowRoot);
    (await until('its button', () => row.querySelector<HTMLElement>('button[aria-expanded]'))).click();
    await press('Remove', row);
    await until('no line', () => all('history-row').length === 0);
    await press('Undo');
    await until('the line again', () => all('history-row').length === 1);
    expect(await page.historyStore.entry('u1')).not.to.equal(null);
  });

  it('puts all lines of the history on paper, also those that are not drawn', async () => {
    for (let index = 0; index < 60; index += 1)
      await page.app.history.keep(aHistoryEntry({ id: `u${index}`, startedAt: index }));
    location.hash = '#/history';
    await until('the first page', () => all('history-row').length === 50);
    let printed = 0;
    const real = window.print.bind(window);
    window.print = () => (printed = all('history-row').length);
    await press('Print');
    await until('the paper', () => printed > 0).finally(() => (window.print = real));
    expect(printed).to.equal(60);
  });
});
