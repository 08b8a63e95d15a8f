import { expect } from 'chai';
import { WatchedHandle } from '../../../src/storage/watched-handle.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import { findings, wear } from '../axe.ts';
import { all, button, press, until } from '../finding.ts';
import { openPage, type OpenPage } from '../page.ts';

const NAME = 'moult-test-build.bin';

/** Stands in for the picker; the handle that it returns is a real one, of the browser's private file system. */
function answerPicker(handle: FileSystemFileHandle | null): void {
  const pick = (): Promise<readonly FileSystemFileHandle[]> =>
    handle === null ? Promise.reject(new DOMException('closed', 'AbortError')) : Promise.resolve([handle]);
  Object.defineProperty(globalThis, 'showOpenFilePicker', { value: pick, configurable: true });
}

describe('Watching a file on the page', () => {
  let page: OpenPage;
  let handle: FileSystemFileHandle;

  async function write(version: string): Promise<void> {
    const to = await handle.createWritable();
    await to.write(buildApp({ version }));
    await to.close();
  }

  beforeEach(async () => {
    const folder = await navigator.storage.getDirectory();
    handle = await folder.getFileHandle(NAME, { create: true });
    await write('1.0.0');
    answerPicker(handle);
    page = await openPage();
    location.hash = '#/firmware';
  });
  afterEach(async () => {
    (await page.app.watch()).stop();
    page.close();
    Reflect.deleteProperty(globalThis, 'showOpenFilePicker');
    await (await navigator.storage.getDirectory()).removeEntry(NAME);
  });

  it('takes each new build of it, and goes on in the other places', async () => {
    await press('Watch a file');
    await until('the file', () => page.app.firmware.firmware?.inspection.version === '1.0.0');
    location.hash = '#/devices';
    await write('1.0.1');
    await until('the new build', () => page.app.firmware.firmware?.inspection.version === '1.0.1');
    await until('the notice', () => all('li p').some(({ textContent }) => textContent.includes(NAME)));
    location.hash = '#/firmware';
    await press('Stop watching');
    await button('Watch a file');
  });

  it('takes a new build while the page is hidden behind an editor', async () => {
    await press('Watch a file');
    await until('the file', () => page.app.firmware.firmware?.inspection.version === '1.0.0');
    Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    try {
      await write('1.0.1');
      await until('the new build', () => page.app.firmware.firmware?.inspection.version === '1.0.1');
    } finally {
      Reflect.deleteProperty(document, 'hidden');
    }
  });

  it('does nothing where no file was chosen', async () => {
    answerPicker(null);
    await press('Watch a file');
    await new Promise(requestAnimationFrame);
    expect(await button('Watch a file')).to.not.equal(null);
  });

  for (const theme of ['light', 'dark'] as const) {
    it(`has nothing that axe finds, ${theme}`, async () => {
      wear(theme);
      await press('Watch a file');
      await button('Stop watching');
      expect(await findings()).to.deep.equal([]);
    });
  }

  it('is said in the head of every place, and kept over a reload', async () => {
    const handles = new WatchedHandle('moult-test-watched');
    page.close();
    page = await openPage({ handles });
    await press('Watch a file');
    const pill = (): boolean => all('a span').some(({ textContent }) => textContent === `Watching ${NAME}`);
    await until('the pill', pill);
    for (const place of ['#/history', '#/more', '#/devices']) {
      location.hash = place;
      await until(`the pill at ${place}`, pill);
    }
    expect((await handles.read())?.handle.name).to.equal(NAME);
    page.close();
    page = await openPage({ handles });
    await until('the pill of the next visit', pill);
    await until('the file', () => page.app.firmware.firmware?.inspection.version === '1.0.0');
    (await page.app.watch()).stop();
    await until('no pill', () => !pill());
    expect(await handles.read()).to.equal(null);
  });

  it('asks again by a tap where the browser forgot its yes', async () => {
    const handles = new WatchedHandle('moult-test-watched');
    await handles.write({ handle, sendTo: null });
    const asks: string[] = [];
    const answers = {
      queryPermission: async () => 'prompt',
      requestPermission: async () => asks.push('asked') && 'granted',
    };
    const usual = Object.entries(answers).map(([key, value]) => {
      const before = Object.getOwnPropertyDescriptor(FileSystemHandle.prototype, key);
      Object.defineProperty(FileSystemHandle.prototype, key, { value, configurable: true });
      return [key, before] as const;
    });
    try {
      page.close();
      page = await openPage({ handles });
      await button(`Stop watching ${NAME}`);
      expect(page.app.firmware.firmware).to.equal(null);
      expect(asks).to.be.empty;
      expect(await findings()).to.deep.equal([]);
      await press(`Watch ${NAME} again`);
      await until('the file', () => page.app.firmware.firmware?.inspection.version === '1.0.0');
      expect(asks).to.deep.equal(['asked']);
    } finally {
      for (const [key, before] of usual) {
        Reflect.deleteProperty(FileSystemHandle.prototype, key);
        if (before !== undefined) Object.defineProperty(FileSystemHandle.prototype, key, before);
      }
    }
  });
});

describe('A browser that cannot watch files', () => {
  it('has no button for it', async () => {
    Object.defineProperty(globalThis, 'showOpenFilePicker', { value: undefined, configurable: true });
    const page = await openPage();
    location.hash = '#/firmware';
    await until('the library', () => all('h1').some(({ textContent }) => textContent === 'Firmware'));
    await new Promise(requestAnimationFrame);
    expect(all('button').some(({ textContent }) => textContent === 'Watch a file')).to.equal(false);
    page.close();
    Reflect.deleteProperty(globalThis, 'showOpenFilePicker');
  });
});
