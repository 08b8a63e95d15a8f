import { expect } from 'chai';
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { LARGEST_FILE_BYTES } from '../../../src/firmware/largest-file.ts';
import { readFirmwareFile } from '../../../src/host/cli/read-firmware-file.ts';

describe('reading a firmware file', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'moult-read-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A file of that length, all of it a hole. */
  function sparse(length: number): string {
    const path = join(folder, `${length}.bin`);
    const file = openSync(path, 'w');
    ftruncateSync(file, length);
    closeSync(file);
    return path;
  }

  /** Endless, in pieces of 1 MB; `given` counts them. */
  function endless(): { stream: Readable; given: () => number } {
    let pieces = 0;
    const stream = new Readable({
      read() {
        pieces += 1;
        this.push(Buffer.alloc(1024 * 1024));
      },
    });
    return { stream, given: () => pieces };
  }

  it('gives its bytes', async () => {
    const path = join(folder, 'a.bin');
    writeFileSync(path, 'hello');
    const read = await readFirmwareFile(path);
    expect(read.kind === 'read' && new TextDecoder().decode(read.bytes)).to.equal('hello');
  });

  it('gives what standard input has, to its end', async () => {
    const read = await readFirmwareFile('-', Readable.from([Buffer.from('he'), Buffer.from('llo')]));
    expect(read.kind === 'read' && new TextDecoder().decode(read.bytes)).to.equal('hello');
    const nothing = await readFirmwareFile('-', Readable.from([]));
    expect(nothing.kind === 'read' && nothing.bytes.length).to.equal(0);
  });

  it('reads 64 MB, and not a byte more', async () => {
    const most = await readFirmwareFile(sparse(LARGEST_FILE_BYTES));
    expect(most.kind === 'read' && most.bytes.length).to.equal(LARGEST_FILE_BYTES);
    const size = LARGEST_FILE_BYTES + 1;
    const more = await readFirmwareFile(sparse(size));
    expect(more).to.deep.equal({ kind: 'too-large', size });
  });

  it('does not wait for the end of what has none', async () => {
    const { stream, given } = endless();
    const read = await readFirmwareFile('-', stream);
    expect(read).to.deep.equal({ kind: 'too-large', size: null });
    expect(given()).to.be.within(64, 70);
  });

  it('says why a file cannot be read', async () => {
    const missing = await readFirmwareFile(join(folder, 'missing.bin'));
    expect(missing).to.deep.include({ kind: 'unreadable' });
    expect(missing.kind === 'unreadable' && missing.said).to.match(/no such file/);
    const whole = await readFirmwareFile(folder);
    expect(whole.kind === 'unreadable' && whole.said).to.match(/it is a folder/);
  });
});
