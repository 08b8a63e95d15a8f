// Types, house rules and the table of rooms (docs/architecture.md) as lint errors.
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import { configs as lit } from 'eslint-plugin-lit';
import tseslint from 'typescript-eslint';

/** What each room may import besides itself; everything that is not listed is an error. */
const ROOMS = {
  firmware: [],
  update: ['firmware'],
  device: ['update', 'firmware'],
  storage: ['update', 'firmware'],
  state: ['update', 'firmware'],
  ui: ['state', 'update', 'firmware'],
  offline: [],
  simulator: [],
  host: ['simulator', 'device', 'update', 'firmware'],
};

const zones = Object.entries(ROOMS).map(([room, allowed]) => ({
  target: `./src/${room}`,
  from: './src',
  except: [room, ...allowed].map((name) => `./${name}`),
  message: `The room "${room}" may import ${allowed.join(', ') || 'nothing of ours'} (docs/architecture.md).`,
}));

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
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'No enums: use a union of literals.' },
        { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file itself.' },
      ],
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
              group: ['**/update/*', '**/firmware/*'],
              allowTypeImports: true,
              message: 'ui takes types only from here.',
            },
            { group: ['**/storage/*', '**/device/*', '**/offline/*'], message: 'ui reaches these through state.' },
          ],
        },
      ],
    },
  },
  // What people run in a terminal speaks to the terminal.
  { files: ['src/host/**/*.ts', 'bench/**/*.ts', 'test/tools/**/*.ts'], rules: { 'no-console': 'off' } },
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
