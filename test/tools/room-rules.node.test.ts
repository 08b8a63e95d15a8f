import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { DIALECTS } from '../../src/model/device/dialect.ts';
import type { Imports } from '../../tools/imports.ts';
import { roomImports } from '../../tools/rooms.ts';

/** The table of docs/architecture.md, repeated here, so that the linter's own cannot drift unnoticed. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  model: [],
  firmware: ['model'],
  update: ['model'],
  rollout: ['model', 'update'],
  agent: ['model'],
  words: ['model'],
  device: ['model'],
  storage: ['model'],
  state: ['model', 'firmware', 'update', 'rollout', 'words'],
  page: ['model', 'firmware'],
  ui: ['state', 'words'],
  offline: [],
  simulator: [],
  host: ['model', 'firmware', 'update', 'rollout', 'agent', 'words', 'device', 'storage', 'simulator'],
};
const MAY_IMPORT_TYPES: Record<string, readonly string[]> = { ...MAY_IMPORT, ui: ['model', 'state', 'words'] };

const rooms = readdirSync('src', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

const filesOf = (room: string): string[] =>
  readdirSync(join('src', room), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

// The rules in question need no types, and without them the linter takes code that is on no disk.
const eslint = new ESLint({ overrideConfig: tseslint.configs.disableTypeChecked });

/** The names of the rules that find fault with this code, if it stood in this file. */
async function faults(filePath: string, code: string): Promise<(string | null)[]> {
  const results = await eslint.lintText(code, { filePath });
  return results.flatMap((result) => result.messages.map((message) => message.ruleId));
}

const isRoomRule = (rule: string | null): boolean =>
  rule === 'import-x/no-restricted-paths' || rule === '@typescript-eslint/no-restricted-imports';

describe('the table of rooms', () => {
  it('has a line for every folder of src', () => {
    expect(rooms).to.have.members(Object.keys(MAY_IMPORT));
  });

  for (const room of rooms) {
    for (const other of rooms.filter((name) => name !== room)) {
      const [target] = filesOf(other);
      if (target === undefined) continue;
      for (const [what, statement, table] of [
        ['code', 'import', MAY_IMPORT],
        ['types', 'import type', MAY_IMPORT_TYPES],
      ] as const) {
        const allowed = table[room]?.includes(other) === true;
        it(`${allowed ? 'lets' : 'forbids'} ${room} ${allowed ? '' : 'to '}import ${what} of ${other}`, async () => {
          const code = `${statement} { a } from '../${other}/${target}';\nexport const b = (c: typeof a): typeof a => c;\n`;
          expect((await faults(`src/${room}/some-file.ts`, code)).some(isRoomRule)).to.equal(!allowed);
        });
      }
    }

    it(`forbids ${room} to import the composition root`, async () => {
      const code = "import { a } from '../main.ts';\nexport const b = a;\n";
      expect(await faults(`src/${room}/some-file.ts`, code)).to.include('import-x/no-restricted-paths');
    });
  }

  it('lets the composition root import every room', async () => {
    const imports = rooms.flatMap((room) =>
      filesOf(room)
        .slice(0, 1)
        .map((file) => `import './${room}/${file}';\n`),
    );
    expect(imports).not.to.be.empty;
    expect((await faults('src/main.ts', imports.join(''))).some(isRoomRule)).to.equal(false);
  });
});

describe('the picture of the rooms in CONTRIBUTING.md', () => {
  const arrows = arrowsOf(readFileSync('CONTRIBUTING.md', 'utf8'));
  /** `model` is drawn apart: not every arrow that leads there is. */
  const butModel = (names: Iterable<string> = []): string[] => [...names].filter((name) => name !== 'model').sort();

  for (const room of rooms) {
    it(`lets ${room} import what the linter lets it import`, () => {
      expect(butModel(arrows.get(room))).to.deep.equal(butModel(MAY_IMPORT[room]));
    });

    const allowed = MAY_IMPORT_TYPES[room]?.includes('model') === true;
    it(`${allowed ? 'leads' : 'does not lead'} from ${room} to model`, () => {
      expect(leadsToModel(room, arrows)).to.equal(allowed);
    });
  }

  it('shows what the composition roots import', () => {
    expect(butModel(arrows.get('root'))).to.deep.equal(butModel(roomImports().get('roots')));
  });
});

/** The arrows of a Mermaid flowchart, those of a frame drawn out for each that stands in it. */
function arrowsOf(document: string): Imports {
  const picture = /```mermaid\n([^`]*)```/.exec(document)?.[1] ?? '';
  const frames = new Map<string, readonly string[]>();
  for (const [, frame = '', inner = ''] of picture.matchAll(/^ +subgraph (\w+)\[.*\]\n((?: {4}.*\n)*)/gm)) {
    frames.set(
      frame,
      [...inner.matchAll(/^ +(\w+)\[/gm)].map(([, name = '']) => name),
    );
  }
  const namesIn = (side: string): string[] => side.split(' & ').flatMap((name) => frames.get(name) ?? [name]);
  const found = new Map<string, Set<string>>();
  for (const [, from = '', to = ''] of picture.matchAll(/^ +([\w &]+) --> ([\w &]+)$/gm)) {
    for (const name of namesIn(from)) found.set(name, new Set([...(found.get(name) ?? []), ...namesIn(to)]));
  }
  return found;
}

function leadsToModel(room: string, arrows: Imports): boolean {
  return [...(arrows.get(room) ?? [])].some((next) => next === 'model' || leadsToModel(next, arrows));
}

describe('the rules of the house', () => {
  /** A file of src and a file beside it that it imports, code and not only types. */
  function importingPair(): { readonly importer: string; readonly imported: string } {
    for (const room of rooms) {
      for (const importer of filesOf(room)) {
        const code = readFileSync(join('src', room, importer), 'utf8');
        const [, imported] = /^import \{[^}]*\} from '\.\/([\w-]+\.ts)';$/m.exec(code) ?? [];
        if (imported !== undefined) return { importer, imported: join('src', room, imported) };
      }
    }
    throw new Error('no file of src imports its neighbour: there is nothing to make a cycle of');
  }

  it('forbid an import that leads back to the file it started from', async () => {
    const { importer, imported } = importingPair();
    expect(await faults(imported, `import './${importer}';\n`)).to.include('import-x/no-cycle');
  });

  const forbidden: readonly (readonly [what: string, rule: string, code: string, file?: string])[] = [
    ['enums', 'no-restricted-syntax', 'export enum A {\n  B,\n}\n'],
    ['default exports', 'import-x/no-default-export', 'export default 1;\n'],
    ['barrels', 'no-restricted-syntax', "export * from './inspection.ts';\n"],
    ['any', '@typescript-eslint/no-explicit-any', 'export const a = (b: any): unknown => b;\n'],
    ['!', '@typescript-eslint/no-non-null-assertion', 'export const a = (b: string | null): string => b!;\n'],
    ['@ts-ignore', '@typescript-eslint/ban-ts-comment', '// @ts-ignore\nexport const a: string = 1;\n'],
    ['a worker global in a pure room', 'no-restricted-globals', 'export const a = self;\n'],
    ['fetch in the engine', 'no-restricted-globals', "export const a = fetch('/');\n", 'src/update/some-file.ts'],
    [
      'chance in the engine',
      'no-restricted-properties',
      'export const a = Math.random();\n',
      'src/update/some-file.ts',
    ],
    ...['device/doctor', 'host/cli', 'model', 'rollout', 'state', 'storage', 'ui', 'update', 'words'].map(
      (room) =>
        [
          `a comparison with a dialect’s name in ${room}`,
          'no-restricted-syntax',
          "export const a = (dialect: string): boolean => dialect === 'documented';\n",
          `src/${room}/some-file.ts`,
        ] as const,
    ),
    ...DIALECTS.map(
      (dialect) =>
        [
          `a comparison with the name “${dialect}”`,
          'no-restricted-syntax',
          `export const a = (dialect: string): boolean => dialect === '${dialect}';\n`,
          'src/update/some-file.ts',
        ] as const,
    ),
    [
      'a switch over the names of dialects in the engine',
      'no-restricted-syntax',
      "export function a(dialect: string): void {\n  switch (dialect) {\n    case 'shipped':\n  }\n}\n",
      'src/update/some-file.ts',
    ],
    ...[
      ['a list', "['shipped', 'wled'].includes(dialect)"],
      ['a constant list', "(['shipped', 'wled'] as const).includes(dialect)"],
      ['a set', "new Set(['shipped', 'wled']).has(dialect)"],
    ].map(
      ([what, has]) =>
        [
          `${what} of dialects’ names that a dialect is looked for in`,
          'no-restricted-syntax',
          `export const a = (dialect: string): boolean => ${has};\n`,
          'src/update/some-file.ts',
        ] as const,
    ),
    ...['App', 'WholeApp'].map(
      (app) =>
        [
          `an element that takes the whole ${app}`,
          'no-restricted-syntax',
          `export const a = (app: ${app}): unknown => app.updates;\n`,
          'src/ui/some-file.ts',
        ] as const,
    ),
    ['enums in an element', 'no-restricted-syntax', 'export enum A {\n  B,\n}\n', 'src/ui/some-file.ts'],
    ['enums in the engine', 'no-restricted-syntax', 'export enum A {\n  B,\n}\n', 'src/update/some-file.ts'],
  ];
  for (const [what, rule, code, file = 'src/firmware/some-file.ts'] of forbidden) {
    it(`forbid ${what}`, async () => {
      expect(await faults(file, code)).to.include(rule);
    });
  }

  it('let an element take a part of the app, and the shell hand on the whole', async () => {
    const part = "export const a = (app: Pick<App, 'updates'>): unknown => app.updates;\n";
    expect(await faults('src/ui/some-file.ts', part)).not.to.include('no-restricted-syntax');
    const whole = 'export const a = (app: App): App => app;\n';
    expect(await faults('src/ui/shell/moult-app.ts', whole)).not.to.include('no-restricted-syntax');
  });

  it('let a dialect’s own adapter, and the code that detects the dialect, go by its name', async () => {
    const code = "export const a = (dialect: string): boolean => dialect === 'documented';\n";
    for (const file of ['src/device/viperhttp/some-file.ts', 'src/device/detect.ts'])
      expect(await faults(file, code)).not.to.include('no-restricted-syntax');
  });
});
