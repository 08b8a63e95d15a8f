import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { build } from 'vite';
import { BUILD_STEPS } from '../../tools/build.ts';
import { everyGroupHasAFile, group } from '../../tools/vite/groups.ts';
import { startWith } from '../../tools/vite/one-file.ts';

/** Builds a page of two modules in memory, with what is to be tried. */
function building(html: string, plugin: ReturnType<typeof startWith>): Promise<unknown> {
  const page = {
    name: 'page',
    resolveId: (id: string) => (id.startsWith('/src/') ? id : null),
    load: () => 'export {};',
  };
  const asHtml = { name: 'html', transformIndexHtml: { order: 'pre' as const, handler: () => html } };
  return build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false },
    plugins: [asHtml, page, plugin],
  });
}

describe('a build', () => {
  it('has steps whose scripts are there', () => {
    for (const { args } of BUILD_STEPS) {
      const script = args.find((arg) => /\.[jt]s$/.test(arg)) ?? 'none';
      expect(existsSync(script), script).to.equal(true);
    }
  });

  it('fails where the page does not start with the script that is to be replaced', async () => {
    const html = '<script type="module" src="/src/moved.ts"></script>';
    const error = await building(html, startWith('src/on-device.ts')).catch((reason: unknown) => reason);
    expect(String(error)).to.contain('the page does not start with /src/main.ts');
  });

  it('fails where a group of modules has come to nothing', async () => {
    const html = '<script type="module" src="/src/main.ts"></script>';
    const error = await building(html, everyGroupHasAFile(['first'])).catch((reason: unknown) => reason);
    expect(String(error)).to.contain('no module belongs to first');
  });

  it('puts into a group what lies in its folders and its files, and modules of libraries that it names', () => {
    const { test } = group('some', ['ui/device/list/', 'at-work'], {
      also: /node_modules[\\/]valibot/,
      except: ['ui/device/list/device-order'],
    });
    expect(test('/home/me/src/moult/src/ui/device/list/device-row.ts')).to.equal(true);
    expect(test('C:\\moult\\src\\at-work.ts')).to.equal(true);
    expect(test('/moult/node_modules/valibot/dist/index.js')).to.equal(true);

    expect(test('/moult/src/ui/device/list/device-order.ts')).to.equal(false);
    expect(test('/moult/src/ui/device/card/device-card.ts')).to.equal(false);
    expect(test('/moult/src/page/at-work.ts')).to.equal(false);
    expect(test('/moult/node_modules/other/src/at-work.ts')).to.equal(false);
  });

  it('fails where a file of a group was moved away', () => {
    expect(() => group('some', ['ui/device/device-row', 'at-work'])).to.throw(
      'what is not there: ui/device/device-row',
    );
  });
});
