import { expect } from 'chai';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inShort, notices, packageFolders, withDependencies } from '../../tools/vite/licences.ts';

const LIT = resolve('node_modules/lit');
const LIT_HTML = resolve('node_modules/lit-html');
const IDB = resolve('node_modules/idb');

describe('The notices of what is built in', () => {
  it('are of the packages that the modules are from, scoped and nested ones, too', () => {
    const modules = [
      `${LIT}/index.js`,
      `\0${IDB}/build/index.js?commonjs`,
      '/p/node_modules/@noble/hashes/sha2.js',
      '/p/node_modules/a/node_modules/b/c.js',
      resolve('src/main.ts'),
      '\0vite/preload-helper.js',
    ];
    expect([...packageFolders(modules)]).to.deep.equal([
      LIT,
      IDB,
      '/p/node_modules/@noble/hashes',
      '/p/node_modules/a/node_modules/b',
    ]);
  });

  it('have each text whole and once, with every package that it is for, and Moult’s own before', () => {
    const text = notices([LIT, LIT_HTML, IDB]);
    expect(text.indexOf('MIT License'), 'its own').to.be.greaterThan(0).and.lessThan(text.indexOf('idb '));
    expect(text).to.match(/\nlit [\d.]+ \(BSD-3-Clause\)\nlit-html [\d.]+ \(BSD-3-Clause\)\n\nBSD 3-Clause License/);
    expect(text.split('Copyright (c) 2017 Google LLC')).to.have.length(2);
    expect(text)
      .to.match(/idb [\d.]+ \(ISC\)/)
      .and.contain('Jake Archibald');
    expect(text).to.contain('THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS');
  });

  it('name each holder in one line for the page that is one file, and end no comment', () => {
    const short = inShort([LIT, IDB]);
    expect(short)
      .to.contain('idb (ISC). Copyright (c) 2016')
      .and.contain('lit (BSD-3-Clause). Copyright (c) 2017 Google');
    expect(short).to.contain('licences.txt').and.not.contain('--');
  });

  it('of a package come with those that it depends on', () => {
    const names = [...withDependencies('workbox-precaching', process.cwd())].map((folder) => folder.split('/').pop());
    expect(names).to.include.members(['workbox-precaching', 'workbox-core', 'workbox-strategies', 'workbox-routing']);
  });

  it('fail the build where a package has none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'moult-licence-'));
    try {
      for (const license of [undefined, 'MIT']) {
        const at = join(folder, `a-${license ?? 'none'}`);
        await mkdir(at);
        await writeFile(join(at, 'package.json'), JSON.stringify({ name: 'a', version: '1.0.0', license }));
        expect(() => notices([at])).to.throw('a comes without a licence and its text');
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
