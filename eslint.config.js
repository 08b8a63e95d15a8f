// Types, house rules and the table of rooms (docs/architecture.md) as lint errors.
import { readFileSync } from 'node:fs';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import { configs as lit } from 'eslint-plugin-lit';
import tseslint from 'typescript-eslint';

/** What each room may import besides itself; everything that is not listed is an error. */
export const ROOMS = {
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
  ui: ['model', 'state', 'words'],
  offline: [],
  simulator: [],
  host: ['model', 'firmware', 'update', 'rollout', 'agent', 'words', 'device', 'storage', 'simulator'],
};

const zones = Object.entries(ROOMS).map(([room, allowed]) => ({
  target: `./src/${room}`,
  from: './src',
  except: [room, ...allowed].map((name) => `./${name}`),
  message: `The room "${room}" may import ${allowed.join(', ') || 'nothing of ours'} (docs/architecture.md).`,
}));

const WORKER_ONLY = [
  'self',
  'name',
  'location',
  'origin',
  'close',
  'postMessage',
  'importScripts',
  'onmessage',
  'indexedDB',
  'caches',
  'navigator',
  'process',
].map((name) => ({ name, message: 'This room runs in the window and in Node: it may use what both have.' }));

/** Syntax that the house does without. */
const NOWHERE = [
  { selector: 'TSEnumDeclaration', message: 'No enums: use a union of literals.' },
  { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file itself.' },
];

/** The names of the dialects, read from where they stand: one that is added is held to the rule below at once. */
function dialectNames() {
  const source = readFileSync(new URL('src/model/device/dialect.ts', import.meta.url), 'utf8');
  const [, list = ''] = /\bDIALECTS = \[([^\]]*)\]/.exec(source) ?? [];
  const names = [...list.matchAll(/'([^']+)'/g)].map(([, name]) => name);
  if (names.length === 0) throw new Error('src/model/device/dialect.ts has no list of dialects that can be read');
  return names.join('|');
}

const ANY_DIALECT = `Literal[value=/^(${dialectNames()})$/]`;

/** A dialect's name that something is held against: what a device can do is asked of its traits. */
const HELD_AGAINST_A_DIALECT = [
  `BinaryExpression[operator=/^[!=]==?$/] > ${ANY_DIALECT}`,
  `SwitchCase > ${ANY_DIALECT}`,
  // A list that stands right there, as it is or `as const`. One that has a name of its own is not seen.
  `CallExpression > MemberExpression.callee[property.name='includes'] > ArrayExpression.object > ${ANY_DIALECT}`,
  `CallExpression > MemberExpression.callee[property.name='includes'] > TSAsExpression.object > ArrayExpression > ${ANY_DIALECT}`,
  `NewExpression[callee.name='Set'] > ArrayExpression > ${ANY_DIALECT}`,
].map((selector) => ({ selector, message: 'Ask for a trait (src/model/device/dialect.ts), not for a name.' }));

/** An element that takes the whole app can be drawn with nothing less, in a test too. */
const TAKES_THE_WHOLE_APP = [
  {
    selector:
      "TSTypeReference[typeName.name=/^(App|WholeApp)$/]:not(TSTypeReference[typeName.name='Pick'] > TSTypeParameterInstantiation > TSTypeReference)",
    message: 'An element asks for what it draws from: Pick<App, …>.',
  },
];

/**
 * Where which syntax is an error. Of all blocks that set one rule for a file only the last one counts, so that each of
 * these names whatever it forbids, and no other block sets this rule.
 */
const FORBIDDEN_SYNTAX = [
  { files: ['**/*.ts'], forbids: [NOWHERE] },
  {
    // Who speaks a dialect, and who finds out which one, goes by its name; nobody else does.
    files: ['src/**/*.ts'],
    ignores: ['src/device/viperhttp/**', 'src/device/detect.ts', 'src/simulator/**'],
    forbids: [NOWHERE, HELD_AGAINST_A_DIALECT],
  },
  {
    // The shell hands the whole app on.
    files: ['src/ui/**/*.ts'],
    ignores: ['src/ui/shell/moult-app.ts'],
    forbids: [NOWHERE, HELD_AGAINST_A_DIALECT, TAKES_THE_WHOLE_APP],
  },
].map(({ forbids, ...where }) => ({ ...where, rules: { 'no-restricted-syntax': ['error', ...forbids.flat()] } }));

export default tseslint.config(
  { ignores: ['dist', 'dev-dist', 'coverage', 'reports', '.stryker-tmp', 'public', 'shots'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './src/*/tsconfig.json', './test/tsconfig.json', './tsconfig.tools.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createTypeScriptImportResolver()],
      // Without these the plugin reads no .ts file, and finds no cycle.
      'import-x/extensions': ['.ts'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
    },
    rules: {
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // A `default` over a union swallows the member that comes next.
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { allowDefaultCaseForExhaustiveSwitch: false }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  { files: ['src/ui/**/*.ts'], ...lit['flat/recommended'] },
  {
    // The drawing room sees the other rooms' shapes, never their code: it draws what state tells it.
    files: ['src/ui/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['**/model/**'],
              allowTypeImports: true,
              message: 'ui takes types only from here.',
            },
          ],
        },
      ],
    },
  },
  {
    // These rooms run in the window and in Node: of what the web worker's types offer, they may use what both have.
    files: ['model', 'firmware', 'update', 'rollout', 'agent', 'words', 'simulator'].map(
      (room) => `src/${room}/**/*.ts`,
    ),
    ignores: ['src/simulator/msw-handlers.ts', 'src/simulator/node/**'],
    rules: { 'no-restricted-globals': ['error', ...WORKER_ONLY] },
  },
  {
    // The engine is handed the world (`UpdatePorts` in src/model/update/plan.ts), so that a test can hand it another one.
    files: ['src/update/**/*.ts', 'src/rollout/**/*.ts', 'src/agent/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...WORKER_ONLY,
        ...['fetch', 'setTimeout', 'setInterval', 'performance', 'crypto'].map((name) => ({
          name,
          message: 'The engine asks its ports for this.',
        })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'The engine asks its Clock.' },
        { object: 'Math', property: 'random', message: 'The engine asks its Random.' },
      ],
    },
  },
  ...FORBIDDEN_SYNTAX,
  // What people run in a terminal speaks to the terminal.
  {
    files: ['src/host/**/*.ts', 'bench/**/*.ts', 'tools/**/*.ts', 'test/browsers/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  // Vite wants its configuration as a default export.
  { files: ['vite.config.ts'], rules: { 'import-x/no-default-export': 'off' } },
  {
    files: ['test/**/*.ts'],
    rules: {
      // chai's assertions are property reads.
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
);
