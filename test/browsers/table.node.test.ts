import { expect } from 'chai';
import { readTable, table, together, type Columns } from './table.ts';

const ORDER = ['chromium', 'firefox', 'webkit'];
const column = (cells: Readonly<Record<string, string>>) => new Map(Object.entries(cells));
const BEFORE: Columns = new Map([
  ['Chromium 155', column({ '`http://localhost` → http device': 'updated, direct', 'Wake Lock, localhost': 'yes' })],
  ['Firefox 153', column({ '`http://localhost` → http device': 'updated, direct' })],
]);

describe('The table of what was measured', () => {
  it('is read as it was written, also after it was laid out anew', () => {
    const text = table(BEFORE);
    expect(readTable(text)).to.deep.equal(BEFORE);
    expect(readTable(text.replaceAll('|', '   |  ').replaceAll(/^ +/gm, ''))).to.deep.equal(BEFORE);
    expect(readTable('\n\n').size).to.equal(0);
  });

  it('keeps the column of a browser that was not there, and replaces that of another version', () => {
    const now = new Map([
      ['WebKitGTK 2.50', column({ 'Wake Lock, localhost': 'no' })],
      ['Chromium 156', column({ 'Wake Lock, localhost': 'yes' })],
    ]);
    const whole = together(BEFORE, now, ORDER);
    expect([...whole.keys()]).to.deep.equal(['Chromium 156', 'Firefox 153', 'WebKitGTK 2.50']);
    expect(whole.get('Firefox 153')).to.deep.equal(BEFORE.get('Firefox 153'));
    expect(whole.get('Chromium 156')).to.deep.equal(now.get('Chromium 156'));
  });
});
