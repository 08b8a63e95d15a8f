import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';

const read = (path: string): string => readFileSync(path, 'utf8');
const { version, engines, bin, files } = JSON.parse(read('package.json')) as {
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly bin: { readonly moult: string };
  readonly files: readonly string[];
};

describe('what the project says of itself', () => {
  it('gives its version a dated section, the newest of the change log', () => {
    const [, newest, date] = /^## (\S+), (\d{4}-\d\d-\d\d)$/m.exec(read('CHANGELOG.md')) ?? [];
    expect(newest).to.equal(version);
    expect(new Date(String(date)).getTime()).not.to.be.NaN;
  });

  it('has the lockfile know the same version', () => {
    const lock = JSON.parse(read('package-lock.json')) as { readonly version: string };
    expect(lock.version).to.equal(version);
  });

  it('installs what its command is made of', () => {
    expect(files.some((each) => bin.moult.startsWith(`${each}/`))).to.equal(true);
  });

  it('is tried on every Node that it says it supports, the oldest first', () => {
    const [, list = ''] = /node: \[(.*)\]/.exec(read('.github/workflows/ci.yml')) ?? [];
    const tried = list.split(', ').map((each) => each.replaceAll("'", ''));
    const [oldest = '', ...later] = tried;
    expect(engines.node).to.equal(`>=${oldest}.0`);
    expect(read('docs/testing.md')).to.contain(`Node ${oldest} and later 20s, ${later.join(' and ')}`);
    expect(read('README.md')).to.contain(
      `Node ${[oldest, ...later.slice(0, -1)].join(', ')} or ${String(later.at(-1))} `,
    );
    expect(tried).to.include(read('.nvmrc').trim());
  });

  it('names every room of the source to those who come to help', () => {
    const rooms = readdirSync('src', { withFileTypes: true }).filter((each) => each.isDirectory());
    const picture = /```mermaid\n([^`]*)```/.exec(read('CONTRIBUTING.md'))?.[1];
    expect(rooms).not.to.be.empty;
    for (const { name } of rooms) expect(picture).to.contain(`  ${name}["${name}: `);
  });

  it('names tests in its threat model that are there', () => {
    const named = [...read('docs/security.md').matchAll(/`([a-z]+(?:\/[a-z-]+)+)`/g)].map(([, name = '']) => name);
    expect(named.length).to.be.greaterThan(50);
    const kinds = ['test', 'node.test', 'browser.test', 'attack'];
    const missing = named.filter((name) => !kinds.some((kind) => existsSync(`test/${name}.${kind}.ts`)));
    expect([...new Set(missing)]).to.deep.equal([]);
  });

  it('asks in its forms for the report by the name that it has in the app', () => {
    const words = 'Report for help';
    expect(read('.github/ISSUE_TEMPLATE/update.yml')).to.contain(words);
    const source = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    expect(source.some((name) => read(`src/${name}`).includes(words))).to.equal(true);
  });
});
