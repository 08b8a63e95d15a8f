import { expect } from 'chai';
import { innerFileLabel } from '../../../src/words/firmware/firmware-panel.ts';
import { innerFileName } from '../../../src/words/firmware/inner-file.ts';

describe('What is inside a file', () => {
  it('is called as the file calls it', () => {
    expect(innerFileName({ name: 'ota_0', how: 'partition', offset: 0x10000, size: 4096 })).to.equal('ota_0');
    expect(innerFileName({ name: 'app.bin', how: 'gzip', offset: null, size: 4096 })).to.equal('app.bin');
    expect(innerFileName({ name: 'app.bin', how: 'zip-entry', offset: null, size: 4096 })).to.equal('app.bin');
  });

  it('is told by what it is where it has no name', () => {
    for (const [inner, said] of [
      [{ how: 'partition', offset: 0, size: 4096 }, 'first image'],
      [{ how: 'partition', offset: 0x10000, size: 4096 }, 'image at 0x10000'],
      [{ how: 'uf2-blocks', offset: null, size: 4096 }, 'joined blocks'],
      [{ how: 'gzip', offset: null, size: 4096 }, 'unpacked file'],
    ] as const) {
      expect(innerFileName({ name: null, ...inner })).to.equal(said);
    }
  });

  it('has a button with that name', () => {
    const inner = { name: null, how: 'partition', offset: 0, size: 4096 } as const;
    expect(innerFileLabel(inner)).to.equal('Use the app inside (first image, 4 KB)');
  });
});
