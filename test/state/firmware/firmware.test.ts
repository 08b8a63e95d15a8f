import { expect } from 'chai';
import type { Inspection } from '../../../src/model/firmware/inspection.ts';
import type { FirmwareLibrary, FirmwareRecord } from '../../../src/model/page/stores.ts';
import { MemoryFirmwareLibrary } from '../../../src/storage/memory.ts';
import { digest, file, givenState, inspection, NOW } from '../given.ts';

const RECORD: FirmwareRecord = {
  ...{ sha256: 'ab'.repeat(32), name: 'kitchen.bin', label: null, size: 8, added: NOW, pinned: false },
  inspection: inspection(),
};

const EMPTY_LIBRARY: FirmwareLibrary = {
  list: () => Promise.resolve([]),
  bytes: () => Promise.resolve(null),
  keep: () => Promise.resolve({ kind: 'unavailable' }),
  rename: () => Promise.resolve(),
  pin: () => Promise.resolve(),
  remove: () => Promise.resolve(),
};

describe('Choosing a firmware', () => {
  it('reads, names and judges the file, and keeps it', async () => {
    const { firmware, library } = givenState();
    await firmware.choose([file('kitchen.bin')]);
    const sha256 = await digest(new TextEncoder().encode('kitchen.bin'), {
      signal: new AbortController().signal,
      progress: () => undefined,
    });
    expect(firmware.firmware).to.include({ name: 'kitchen.bin', sha256, kept: true, from: null });
    expect(library.$records.get().map((record) => record.sha256)).to.deep.equal([sha256]);
  });

  it('shows no name that turns its letters round, of a file or of what is in it', async () => {
    const { firmware } = givenState();
    await firmware.choose([file('kitchen\u202enib.exe')]);
    expect(firmware.firmware).to.include({ name: 'kitchennib.exe' });
    await firmware.useInside({ how: 'zip-entry', name: 'in\u202ener.bin', size: 3, offset: null });
    expect(firmware.firmware).to.include({ name: 'inner.bin' });
  });

  it('shows what no device could run, and keeps none of it', async () => {
    const { firmware, library } = givenState({
      inspect: async () => inspection({ verdict: 'refuse', finding: { reason: 'text', kind: 'web-page' } }),
    });
    await firmware.choose([file('page.html')]);
    expect(firmware.firmware).to.include({ kept: false });
    expect(library.$records.get()).to.be.empty;
  });

  it('shows a file that was handed over, and keeps it only where the person says so', async () => {
    const { firmware, library, notices } = givenState();
    await firmware.offer(file('handed over.bin'));
    expect(firmware.firmware).to.include({ name: 'handed over.bin', kept: false, offered: true });
    expect(library.$records.get()).to.be.empty;
    await firmware.keepChosen();
    expect(firmware.firmware).to.include({ kept: true });
    expect(library.$records.get().map(({ name }) => name)).to.deep.equal(['handed over.bin']);
    await firmware.offer(file('handed over.bin'));
    expect(firmware.firmware, 'kept already').to.include({ kept: true });
    expect(notices.$notices.get()).to.deep.equal([]);
  });

  it('keeps nothing that was inside a file that was handed over, either', async () => {
    const { firmware, library } = givenState();
    await firmware.offer(file('handed over.zip'));
    await firmware.useInside({ how: 'zip-entry', name: 'inner.bin', size: 3, offset: null });
    expect(firmware.firmware).to.include({ name: 'inner.bin', kept: false, offered: true });
    expect(library.$records.get()).to.be.empty;
  });

  it('gives up nothing in the library for a file that was handed over', async () => {
    const small = new MemoryFirmwareLibrary({ needed: async () => new Set(), capBytes: 12 });
    const { firmware, library, notices } = givenState({ library: small });
    await firmware.choose([file('mine.bin')]);
    await firmware.offer(file('theirs.bin'));
    await firmware.keepChosen();
    expect(firmware.firmware).to.include({ name: 'theirs.bin', kept: false });
    expect(library.$records.get().map(({ name }) => name)).to.deep.equal(['mine.bin']);
    expect(notices.$notices.get()).to.deep.equal([
      { kind: 'library-full', files: [{ name: 'theirs.bin', why: 'no-room-made' }] },
    ]);
    await firmware.choose([file('theirs.bin')]);
    expect(
      library.$records.get().map(({ name }) => name),
      'chosen by the person',
    ).to.deep.equal(['theirs.bin']);
  });

  it('drops the result of an earlier choice', async () => {
    const slow: { end?: (found: Inspection) => void } = {};
    let asked = 0;
    const { firmware } = givenState({
      inspect: () => {
        asked += 1;
        return asked === 1 ? new Promise((resolve) => (slow.end = resolve)) : Promise.resolve(inspection());
      },
    });
    const first = firmware.choose([file('first.bin')]);
    while (slow.end === undefined) await Promise.resolve();
    await firmware.choose([file('second.bin')]);
    slow.end(inspection());
    await first;
    expect(firmware.firmware?.name).to.equal('second.bin');
  });

  it('aborts the hash of an earlier choice', async () => {
    const aborted: boolean[] = [];
    const { firmware } = givenState({
      digest: (bytes, options) =>
        aborted.length > 0
          ? digest(bytes, options)
          : new Promise((_, reject) => {
              aborted.push(false);
              options.signal.addEventListener('abort', () => {
                aborted.push(true);
                reject(new DOMException('aborted', 'AbortError'));
              });
            }),
    });
    const first = firmware.choose([file('first.bin')]);
    while (aborted.length === 0) await Promise.resolve();
    await firmware.choose([file('second.bin')]);
    await first;
    expect(aborted).to.deep.equal([false, true]);
    expect(firmware.firmware?.name).to.equal('second.bin');
  });

  it('chooses the first of several that a device could run, keeps those, and names the rest', async () => {
    const { firmware, library, notices } = givenState({
      inspect: async (bytes) =>
        inspection({ verdict: new TextDecoder().decode(bytes).endsWith('.bin') ? 'accept' : 'refuse' }),
    });
    await firmware.choose([file('read.me'), file('one.bin'), file('two.bin')]);
    expect(firmware.firmware?.name).to.equal('one.bin');
    expect(library.$records.get()).to.have.length(2);
    expect(notices.$notices.get()).to.deep.equal([{ kind: 'kept-files', count: 2, total: 3, refused: ['read.me'] }]);
  });

  it('says why a file could not be read', async () => {
    const { firmware } = givenState();
    const gone = { name: 'gone.bin', size: 4, arrayBuffer: () => Promise.reject(new Error('it was moved')) };
    await firmware.choose([gone]);
    expect(firmware.$chosen.get()).to.deep.include({ kind: 'unreadable', name: 'gone.bin' });
    expect(JSON.stringify(firmware.$chosen.get())).to.contain('it was moved');
  });

  it('does not read a file that is larger than any flash', async () => {
    const { firmware } = givenState();
    let read = false;
    const arrayBuffer = async (): Promise<ArrayBuffer> => {
      read = true;
      return new ArrayBuffer(0);
    };
    await firmware.choose([{ name: 'film.mp4', size: 4_000_000_000, arrayBuffer }]);
    expect(firmware.$chosen.get().kind).to.equal('unreadable');
    expect(read).to.equal(false);
  });

  it('takes the file inside out, and remembers where it came from', async () => {
    const inner = { name: 'ota_0', how: 'partition', offset: 1, size: 4 } as const;
    const { firmware } = givenState();
    await firmware.choose([file('full.bin')]);
    await firmware.useInside(inner);
    expect(firmware.firmware?.name).to.equal('full.bin › ota_0');
    expect(firmware.firmware?.from?.name).to.equal('full.bin');
    expect(new TextDecoder().decode(firmware.firmware?.bytes)).to.equal('ull.bin');
  });

  it('calls what has no name inside by the file’s name and where it lies there', async () => {
    for (const [inner, name] of [
      [{ name: null, how: 'partition', offset: 16, size: 4 }, 'full.bin › 0x10'],
      [{ name: null, how: 'uf2-blocks', offset: null, size: 4 }, 'full.bin'],
      [{ name: null, how: 'gzip', offset: null, size: 4 }, 'full.bin'],
      [{ name: 'kitchen.bin', how: 'gzip', offset: null, size: 4 }, 'full.bin › kitchen.bin'],
    ] as const) {
      const { firmware } = givenState();
      await firmware.choose([file('full.bin')]);
      await firmware.useInside(inner);
      expect(firmware.firmware?.name).to.equal(name);
    }
  });

  it('takes a file out of the library with its bytes', async () => {
    const { firmware, library } = givenState();
    await firmware.choose([file('kitchen.bin')]);
    const [record] = library.$records.get();
    firmware.forget();
    expect(firmware.firmware).to.equal(null);
    expect(await firmware.chooseFromLibrary(record?.sha256 ?? '')).to.equal(true);
    expect(new TextDecoder().decode(firmware.firmware?.bytes)).to.equal('kitchen.bin');
  });

  it('hands the same copy of the bytes to everyone who asks for the chosen firmware', async () => {
    const { firmware } = givenState();
    await firmware.choose([file('kitchen.bin')]);
    const again = await firmware.fromLibrary(firmware.firmware?.sha256 ?? '');
    expect(again?.bytes).to.equal(firmware.firmware?.bytes);
  });

  it('tells each file that the browser had no room for, once, and counts none of them as kept', async () => {
    const full: FirmwareLibrary = {
      ...EMPTY_LIBRARY,
      keep: () => Promise.resolve({ kind: 'quota' }),
    };
    const { firmware, notices } = givenState({ library: full });
    await firmware.choose([file('a.bin'), file('b.bin'), file('c.bin')]);
    expect(firmware.firmware).to.include({ name: 'a.bin', kept: false });
    expect(notices.$notices.get()).to.deep.equal([
      { kind: 'library-full', files: ['a.bin', 'b.bin', 'c.bin'].map((name) => ({ name, why: 'quota' })) },
      { kind: 'kept-files', count: 0, total: 3, refused: [] },
    ]);
  });

  it('gives up no file of a drop for another one of the same drop, and names all that had to go', async () => {
    // Room for two: names of five bytes.
    const small = new MemoryFirmwareLibrary({ capBytes: 11, needed: async () => new Set() });
    const { firmware, library, notices } = givenState({ library: small });
    for (const name of ['1.bin', '2.bin']) await firmware.choose([file(name)]);
    await firmware.choose(['a.bin', 'b.bin', 'c.bin'].map(file));
    expect(firmware.firmware).to.include({ name: 'a.bin', kept: true });
    expect(library.$records.get().map(({ name }) => name)).to.have.members(['a.bin', 'b.bin']);
    expect(notices.$notices.get()).to.have.deep.members([
      { kind: 'library-full', files: [{ name: 'c.bin', why: 'full' }] },
      { kind: 'library-made-room', names: ['1.bin', '2.bin'] },
      { kind: 'kept-files', count: 2, total: 3, refused: [] },
    ]);
  });

  it('ends the look into a file when another is chosen', async () => {
    const looks: AbortSignal[] = [];
    const { firmware } = givenState({
      inspect: (bytes, signal) => {
        looks.push(signal);
        if (looks.length > 1) return Promise.resolve(inspection({ size: bytes.length }));
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
      },
    });
    const first = firmware.choose([file('first.zip')]);
    while (looks.length === 0) await Promise.resolve();
    await firmware.choose([file('second.bin')]);
    await first;
    expect(looks.map(({ aborted }) => aborted)).to.deep.equal([true, false]);
    expect(firmware.firmware?.name).to.equal('second.bin');
  });

  it('says that a kept file is gone where its bytes are gone', async () => {
    const { firmware, library, notices } = givenState({
      library: { ...EMPTY_LIBRARY, list: () => Promise.resolve([{ ...RECORD, label: 'Kitchen' }]) },
    });
    await library.load();
    expect(await firmware.chooseFromLibrary(RECORD.sha256)).to.equal(false);
    expect(notices.$notices.get()).to.deep.equal([{ kind: 'file-gone', name: 'Kitchen' }]);
    firmware.forget();
    expect(notices.$notices.get(), 'once there is another choice').to.deep.equal([]);
  });

  it('keeps a refused file once it is overruled', async () => {
    const { firmware, library } = givenState({
      inspect: async () =>
        inspection({ verdict: 'refuse', finding: { reason: 'trailing-image', kind: 'second-image' } }),
    });
    await firmware.choose([file('two.bin')]);
    expect(library.$records.get()).to.be.empty;
    await firmware.keepChosen();
    expect(firmware.firmware).to.include({ name: 'two.bin', kept: true });
    expect(library.$records.get().map(({ name }) => name)).to.deep.equal(['two.bin']);
  });
});
