import { readFileSync } from 'node:fs';
import { expect } from 'chai';

interface Packages {
  readonly packages: Readonly<
    Record<string, { readonly integrity?: string; readonly optionalDependencies?: Readonly<Record<string, string>> }>
  >;
}

describe('package-lock.json', () => {
  const text = readFileSync('package-lock.json', 'utf8');
  const { packages } = JSON.parse(text) as Packages;
  const installed = Object.keys(packages).filter((path) => path !== '');

  it('names no host: `npx tsx tools/clean-lockfile.ts` takes them out', () => {
    expect(text).not.to.match(/[a-z]+:\/\//);
  });

  it('holds a hash for every package', () => {
    expect(installed).not.to.be.empty;
    for (const path of installed) expect(packages[path]?.integrity, path).to.match(/^sha512-/);
  });

  it('holds the parts for every platform, or npm ci refuses it', () => {
    for (const path of installed) {
      for (const name of Object.keys(packages[path]?.optionalDependencies ?? {})) {
        const found = installed.some(
          (other) => other === `node_modules/${name}` || other.endsWith(`/node_modules/${name}`),
        );
        expect(found, `${name}, which ${path} wants`).to.equal(true);
      }
    }
  });
});
