import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { build, type Plugin } from 'vite';
import { BUILD_STEPS } from '../../tools/build.ts';
import { everyFileHasAModule, everyGroupHasAFile, group } from '../../tools/vite/groups.ts';
import { startWith } from '../../tools/vite/one-file.ts';
import { preloadScripts } from '../../tools/vite/preload-scripts.ts';

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

/** Builds a script that loads two modules of one group, in memory; returns the names of the files. */
async function withGroup(main: string, plugin: Plugin): Promise<readonly string[]> {
  const sources = new Map([
    ['/tried/main.ts', main],
    ['/tried/one.ts', 'export const first = 1;'],
    ['/tried/two.ts', 'export const second = 2;'],
  ]);
  const page = {
    name: 'page',
    resolveId: (id: string) => (sources.has(id) ? id : null),
    load: (id: string) => sources.get(id) ?? null,
  };
  const files: string[] = [];
  const seen: Plugin = {
    name: 'seen',
    generateBundle: (_options, bundle) => {
      files.push(...Object.keys(bundle).map((file) => file.replace(/^assets\/(\w+)-.*/, '$1')));
    },
  };
  await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      target: 'es2022',
      write: false,
      rolldownOptions: {
        input: '/tried/main.ts',
        output: { codeSplitting: { groups: [{ name: 'group', test: /(?:one|two)\.ts$/ }] } },
      },
    },
    plugins: [page, plugin, seen],
  });
  return files.toSorted();
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

  it('fails where Vite’s helper for preloads is another one, since ours is none then', async () => {
    const html = '<script type="module" src="/src/main.ts"></script>';
    const error = await building(html, preloadScripts()).catch((reason: unknown) => reason);
    expect(String(error)).to.contain('Vite has another helper for preloads');
  });

  it('fails where a group of modules has come to nothing', async () => {
    const html = '<script type="module" src="/src/main.ts"></script>';
    const error = await building(html, everyGroupHasAFile(['first'])).catch((reason: unknown) => reason);
    expect(String(error)).to.contain('no module belongs to first');
  });

  it('fails where a module awaits at its top, and each one of a group gets a file of its own for that', async () => {
    const all = 'export const all = [import("/tried/one.ts"), import("/tried/two.ts")];';
    const files = await withGroup(all, everyFileHasAModule());
    expect(files).to.deep.equal(['group', 'main']);

    const error = await withGroup(`await null; ${all}`, everyFileHasAModule()).catch((reason: unknown) => reason);
    expect(String(error)).to.match(/no module is in assets\/one-[^ ]+, assets\/two-[^ ]+: does one await at its top/);
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
