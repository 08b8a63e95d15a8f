import { expect } from 'chai';
import { takeIncoming } from '../../src/offline/incoming.ts';
import { keepShared } from '../../src/offline/shared-files.ts';

interface Launch {
  readonly targetURL?: string;
  readonly files: readonly { getFile(): Promise<File> }[];
}

describe('What comes into the installed page', () => {
  let launch: (params: Launch) => void;
  let told: string[];
  let arrived: () => void;
  const before = location.href;

  beforeEach(async () => {
    told = [];
    arrived = () => undefined;
    const queue = { setConsumer: (consumer: typeof launch) => (launch = consumer) };
    Object.defineProperty(globalThis, 'launchQueue', { configurable: true, value: queue });
    await take();
  });
  afterEach(() => {
    Object.defineProperty(globalThis, 'launchQueue', { configurable: true, value: undefined });
    history.replaceState(null, '', before);
  });

  const tell = (what: string): void => {
    told.push(what);
    arrived();
  };
  const take = (): Promise<void> =>
    takeIncoming({
      files: (files) => tell(`files ${files.map(({ name }) => name).join()}`),
      shared: ({ name }) => tell(`shared ${name}`),
      place: (hash) => tell(`place ${hash}`),
      lost: (why) => tell(why),
      trouble: (error) => tell(`trouble ${String(error)}`),
    });

  const handle = (name: string): { getFile(): Promise<File> } => ({
    getFile: () => Promise.resolve(new File(['x'], name)),
  });

  it('is the files that it was opened with, all at once', async () => {
    const came = new Promise<void>((resolve) => (arrived = resolve));
    launch({ targetURL: `${location.origin}/`, files: [handle('kitchen.bin'), handle('hall.bin')] });
    await came;
    expect(told).to.deep.equal(['files kitchen.bin,hall.bin']);
  });

  it('is the place of a shortcut, without loading the page again', () => {
    launch({ targetURL: `${location.origin}/#/history`, files: [] });
    expect(told).to.deep.equal(['place #/history']);
  });

  it('is nothing at a plain start', () => {
    launch({ targetURL: `${location.origin}/`, files: [] });
    expect(told).to.deep.equal([]);
  });

  it('is told as a trouble where a file cannot be read', async () => {
    const came = new Promise<void>((resolve) => (arrived = resolve));
    launch({ files: [{ getFile: () => Promise.reject(new Error('it was moved')) }] });
    await came;
    expect(told).to.deep.equal(['trouble Error: it was moved']);
  });

  for (const why of ['lost', 'several', 'too-large'])
    it(`is said once where a shared file was not taken: ${why}`, async () => {
      history.replaceState(null, '', `?shared=${why}`);
      await take();
      expect(told).to.deep.equal([why]);
      expect(location.search).to.equal('');
      await take();
      expect(told).to.deep.equal([why]);
    });

  it('is a shared file, apart from what the person opened', async () => {
    const form = new FormData();
    form.append('firmware', new File(['x'], 'kitchen.bin'));
    await keepShared(form, caches);
    history.replaceState(null, '', '?shared=file');
    await take();
    expect(told).to.deep.equal(['shared kitchen.bin']);
  });
});
