import { expect } from 'chai';
import { onNth } from '../../../src/simulator/faults.ts';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import { aHistoryEntry } from '../../storage/samples.ts';
import { findings, wear } from '../axe.ts';
import { all, card, chooseFile, fill, press, status, until } from '../finding.ts';
import { addDevice, useOpenPage, useWorker } from '../opened.ts';
import { ADDRESS, serve } from '../page.ts';

const TOKEN = 'cd'.repeat(32);
const IMAGE = buildApp({ sizeBytes: 256 * 1024 });

const lines = (): HTMLElement[] => all('history-row');

async function go(hash: string): Promise<void> {
  location.hash = hash;
  await until('the history', () => all('h1').some(({ textContent }) => textContent === 'History'));
}

describe('The history on the page', () => {
  const worker = useWorker();
  const page = useOpenPage();

  async function updateOnce(): Promise<void> {
    const device = new SimulatedDevice({ token: TOKEN, slotBytes: 128 * 4096, awayMs: 10 });
    // Past the chunks with which it finds out how much the device takes at once: those that fail are no retries.
    device.fault = onNth('chunk', 12, { kind: 'drop', when: 'before' });
    serve(worker, device);
    await addDevice(TOKEN);
    await chooseFile('kitchen.bin', IMAGE);
    await press('Update', await card('Kitchen sensor'));
    await status('Kitchen sensor', 'Updated');
  }

  it('has a line for an update that ended, with its picture, its speed and its retries', async () => {
    await updateOnce();
    await go('#/history');
    await until('the line', () => lines().length === 1);
    all('button[aria-expanded]')[0]?.click();
    const plot = await until('the plot', () => all('throughput-plot [role=img]')[0] ?? all('[role=img]')[0]);
    expect(plot.getAttribute('aria-label')).to.match(/Speed over .+ up to .+B\/s/);
    await until('the slot map', () => all('history-row slot-map').length + all('pattern').length > 0);
    const facts = all('dl')
      .map(({ textContent }) => textContent)
      .join(' ');
    expect(facts).to.contain('Average speed').and.to.contain('Parts sent again').and.to.contain('shipped');
  });

  it('makes a report with every request and no token, from the card', async () => {
    await updateOnce();
    await press('Report for help', await card('Kitchen sensor'));
    const report = await until('the report', () => all('pre[aria-label="The report"]')[0]?.textContent);
    expect(report)
      .to.contain('-- writing')
      .and.to.match(/POST begin .+ 20\d/);
    expect(report.match(/POST write/g)?.length).to.be.above(2);
    expect(report).not.to.contain(TOKEN).and.not.to.contain(ADDRESS);
    all('input[type=checkbox]')
      .find((box) => box.checkVisibility())
      ?.click();
    await until('the address', () => all('pre[aria-label="The report"]')[0]?.textContent.includes(ADDRESS));
  });

  it('is filtered by device, by outcome and by words, and cleared after a question', async () => {
    for (const [id, deviceName, outcome] of [
      ['a', 'Kitchen', 'updated'],
      ['b', 'Garage', 'failed'],
      ['c', 'Garage', 'updated'],
    ] as const) {
      await page.app.history.keep(aHistoryEntry({ id, deviceId: deviceName, deviceName, outcome }));
    }
    await go('#/history');
    await until('all lines', () => lines().length === 3);
    await fill('Search', 'garage');
    await until('two lines', () => lines().length === 2);
    await fill('Search', '');
    await go('#/history?device=Kitchen');
    await until('one line', () => lines().length === 1);
    await press('Clear');
    await press('Clear', await until('the question', () => all('dialog[open]')[0]));
    await until('none', () => lines().length === 0);
  });

  it('says where there is no report: the requests of an earlier visit are gone', async () => {
    await page.app.history.keep(aHistoryEntry());
    await go('#/history');
    await until('the line', () => lines().length === 1);
    all('button[aria-expanded]')[0]?.click();
    await until('the word', () => all('p').some(({ textContent }) => textContent.startsWith('No report for help')));
  });

  it('shows markup in a name as what it is: text', async () => {
    const name = '<img src=x onerror=alert(1)>';
    await page.app.history.keep(aHistoryEntry({ deviceName: name }));
    await go('#/history');
    await until('the line', () => lines().length === 1);
    expect(all('b').map(({ textContent }) => textContent)).to.include(name);
    expect(all('img')).to.be.empty;
  });

  it('asks for the lines that it draws and for no more, however long it is', async () => {
    for (let index = 0; index < 200; index += 1) {
      await page.historyStore.add(aHistoryEntry({ id: `u${index}`, startedAt: index }));
    }
    const asked: number[] = [];
    const ask = page.historyStore.page.bind(page.historyStore);
    page.historyStore.page = (query) => {
      asked.push(query.limit);
      return ask(query);
    };
    await go('#/history');
    await until('lines', () => lines().length > 0);
    expect(lines()).to.have.length(50);
    await press('Show more');
    await until('more lines', () => lines().length > 50);
    expect(lines()).to.have.length(100);
    // Once for each. To read every line is to ask the memory for a page of 200.
    expect(asked).to.deep.equal([50, 100]);
  });

  for (const theme of ['light', 'dark'] as const) {
    it(`has nothing that axe finds, ${theme}`, async () => {
      await updateOnce();
      wear(theme);
      await press('Report for help', await card('Kitchen sensor'));
      await until('the report', () => all('pre[aria-label="The report"]')[0]);
      expect(await findings()).to.deep.equal([]);
      await press('Close', await until('the sheet', () => all('dialog[open]')[0]));
      await go('#/history');
      await until('the line', () => lines().length === 1);
      all('button[aria-expanded]')[0]?.click();
      await until('the plot', () => all('[role=img]')[0]);
      expect(await findings()).to.deep.equal([]);
    });
  }
});
