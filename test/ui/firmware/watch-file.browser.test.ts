import { expect } from 'chai';
import { buildApp } from '../../firmware/image-builder.ts';
import { findings, wear } from '../axe.ts';
import { all, button, press, until } from '../finding.ts';
import { openPage, type OpenPage } from '../page.ts';

const NAME = 'moult-test-build.bin';

/** Stands in for the picker; the handle it answers is a real one, of the browser's private file system. */
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
