import { expect } from 'chai';
import { readTable, type Row } from '../../src/storage/device-table.ts';
import { fc } from '../random.ts';

const TITLES = ['name', 'address', 'token', 'group', 'chip', 'protocol', 'tokenHeader'] as const;
const SEPARATORS = [',', ';', '\t'] as const;
const ENDS = ['\n', '\r\n', '\r'] as const;

function rows(text: string): readonly Row[] {
  const table = readTable(text);
  if (table.kind === 'wrong') throw new Error(`line ${table.problem.line}: ${table.problem.kind}`);
  return table.rows;
}

function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`;
}

/**
 * What a cell may hold, also characters that would end it if it were not quoted. Carriage returns become line ends, as
 * in an editor.
 */
const cell = fc.string({ unit: fc.constantFrom('a', 'Ü', ' ', '"', ',', ';', '\t', '\n', '#', '7'), minLength: 1 });

describe('A table of devices', () => {
  it('is read cell for cell as any spreadsheet wrote it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ name: cell, address: cell, token: cell, group: cell }), { minLength: 1, maxLength: 8 }),
        fc.constantFrom(...SEPARATORS),
        fc.constantFrom(...ENDS),
        fc.boolean(),
        (devices, separator, end, withMark) => {
          const lines = devices.map(({ name, address, token, group }) =>
            [name, address, token, group].map(quoted).join(separator),
          );
          const text = [['Name', 'Address', 'Token', 'Group'].join(separator), ...lines].join(end);
          expect(rows(withMark ? `\ufeff${text}` : text).map(({ cells }) => cells)).to.deep.equal(devices);
        },
      ),
    );
  });

  it('gives each device’s line number as an editor shows it, whatever is in between', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('', '  ', '# spare', 'Kitchen,192.168.1.50,t', '"Two\nlines",10.0.0.1'), {
          minLength: 1,
          maxLength: 12,
        }),
        (parts) => {
          const text = parts.join('\n');
          const table = readTable(text);
          const found = table.kind === 'rows' ? table.rows : [];
          if (table.kind === 'wrong') expect(table.problem.kind).to.equal('empty');
          const shown = text.split('\n');
          for (const { line, cells } of found) {
            expect(shown[line - 1]).to.contain(cells.name?.split('\n')[0]);
          }
          expect(found.length).to.equal(parts.filter((part) => /[,]/.test(part)).length);
        },
      ),
    );
  });

  it('is read or refused without an exception, whatever the text is', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\t', '\n', '\r', ' ', '#') }), (text) => {
        const table = readTable(text);
        const last = text.replaceAll(/\r\n?/g, '\n').split('\n').length;
        for (const line of table.kind === 'rows' ? table.rows.map((row) => row.line) : [table.problem.line]) {
          expect(line).to.be.within(1, Math.max(1, last));
        }
      }),
    );
  });

  it('is name, address and token where no line of titles says otherwise', () => {
    const text = 'Kitchen, 192.168.1.50, secret\n\n# the attic\nAttic lamp;10.0.0.2\n';
    expect(rows(text.replaceAll(';', ','))).to.deep.equal([
      { line: 1, cells: { name: 'Kitchen', address: '192.168.1.50', token: 'secret' } },
      { line: 4, cells: { name: 'Attic lamp', address: '10.0.0.2' } },
    ]);
  });

  it('is an address where a line has one cell', () => {
    expect(rows('192.168.1.50\nesp32.local:80')).to.deep.equal([
      { line: 1, cells: { address: '192.168.1.50' } },
      { line: 2, cells: { address: 'esp32.local:80' } },
    ]);
  });

  it('takes titles in any order and spelling', () => {
    expect(rows('Token Header;IP;Chip;Device\nX-Key;10.0.0.1;ESP32-S3;Hall')).to.deep.equal([
      { line: 2, cells: { tokenHeader: 'X-Key', address: '10.0.0.1', chip: 'ESP32-S3', name: 'Hall' } },
    ]);
  });

  for (const [what, text, problem] of [
    ['nothing', '', { line: 1, field: null, kind: 'empty' }],
    ['titles alone', 'name,address', { line: 1, field: null, kind: 'empty' }],
    [
      'a column that nobody knows',
      'name,address,colour\na,b,c',
      { line: 1, field: null, kind: 'unknown-column', said: 'colour' },
    ],
    ['one column twice', 'name,address,ip\na,b,c', { line: 1, field: 'address', kind: 'column-twice' }],
    ['a cell too many', 'a,b,c\na,b,c,d', { line: 2, field: null, kind: 'too-many-cells' }],
    ['a quote that nothing ends', 'a,b,c\n\n"a,b', { line: 3, field: null, kind: 'open-quote' }],
    ['something behind a quote', '"a" b,c', { line: 1, field: null, kind: 'after-quote' }],
  ] as const) {
    it(`is refused for ${what}, at its line`, () => {
      expect(readTable(text)).to.deep.equal({ kind: 'wrong', problem });
    });
  }

  it('has a title for everything that a device has', () => {
    expect(rows(`${TITLES.join(',')}\n1,2,3,4,5,6,7`)[0]?.cells).to.have.all.keys(...TITLES);
  });
});
