import { expect } from 'chai';
import type { Inspection } from '../../src/firmware/inspection.ts';
import { digest, file, givenState, inspection } from './given.ts';

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

  it('shows what no device could run, and keeps none of it', async () => {
    const { firmware, library } = givenState({
      inspect: async () => inspection({ verdict: 'refuse', reason: 'text' }),
    });
    await firmware.choose([file('page.html')]);
    expect(firmware.firmware).to.include({ kept: false });
    expect(library.$records.get()).to.be.empty;
  });

  it('drops what an earlier choice comes back with', async () => {
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
    expect(notices.$notices.get()).to.deep.equal([{ kind: 'kept-files', count: 2, refused: ['read.me'] }]);
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

  it('comes back out of the library with its bytes', async () => {
    const { firmware, library } = givenState();
    await firmware.choose([file('kitchen.bin')]);
    const [record] = library.$records.get();
    firmware.forget();
    expect(firmware.firmware).to.equal(null);
    expect(await firmware.chooseFromLibrary(record?.sha256 ?? '')).to.equal(true);
    expect(new TextDecoder().decode(firmware.firmware?.bytes)).to.equal('kitchen.bin');
  });

  it('has one copy of the bytes for everyone who asks for the chosen firmware', async () => {
    const { firmware } = givenState();
    await firmware.choose([file('kitchen.bin')]);
    const again = await firmware.fromLibrary(firmware.firmware?.sha256 ?? '');
    expect(again?.bytes).to.equal(firmware.firmware?.bytes);
  });
});
