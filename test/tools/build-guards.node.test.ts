import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { build } from 'vite';
import { BUILD_STEPS } from '../../tools/build.ts';
import { everyGroupHasAFile } from '../../tools/groups.ts';
import { startWith } from '../../tools/one-file.ts';

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
});
