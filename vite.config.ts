import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { manifest } from './src/offline/manifest.ts';
import { boardFiles } from './tools/board-files.ts';
import { everyGroupHasAFile } from './tools/groups.ts';
import { leaveOut } from './tools/leave-out.ts';
import { licences } from './tools/licences.ts';
import { minifyTemplates } from './tools/minify-templates.ts';
import { loadNothing, oneFile, startWith } from './tools/one-file.ts';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string };

/** Every browser that the page is for has it: Safari 16.4, Chrome 94, Firefox 93. */
const TARGET = 'es2022';

/**
 * What the first view is made of is one file and not forty small ones: fewer requests, better packed. `main.ts` stays out:
 * it awaits files that import this one.
 */
const FIRST = { name: 'first', tags: ['$initial' as const], test: /node_modules|src[\\/]\w+[\\/]|preload-helper/ };

/**
 * So is what reads a file, and what speaks to a device. The views name rollouts, and need none of the rest; hashing
 * without SubtleCrypto is for pages from plain http alone.
 */
const FILES = {
  name: 'files',
  test: /src[\\/](firmware[\\/](?!bytes[\\/]digest-in-slices)|page[\\/](hash|worker-hash)\.ts)/,
};
const UPDATE = {
  name: 'update',
  test: /src[\\/](update[\\/]|device[\\/]|device-ways|words[\\/]device[\\/]doctor\.)/,
};

/** So is what is said of files and of updates, which the first view has none of. */
const WORDS = {
  name: 'words',
  test: /src[\\/]words[\\/](update[\\/](describe|describe-active|describe-failed|error-words|outcome-words)|firmware[\\/](file-words|files|findings|misfits|packed-findings))\.ts/,
};

/** So is what checks that which comes from outside: what the host offers, and a backup with its passphrase. */
const CHECKED = {
  name: 'checked',
  test: /node_modules[\\/]valibot|src[\\/](page[\\/](host-offers|pair-calls)|storage[\\/](backup|device-table|read-import|vault[\\/]passphrase-key))/,
};

/** So is what follows the updates that the host runs: of no use where the host is out of reach, so it comes from there, and is not kept. */
const JOBS = {
  name: 'jobs',
  test: /src[\\/](jobs-of-host|page[\\/](job-calls|event-stream)|state[\\/]jobs[\\/](jobs|job-feed|job-offer|job-run|make-job)|words[\\/](update[\\/]host-jobs|host[\\/]jobs))\.ts/,
};

/** So is what is behind a tap: alone, each of these would be a file of a few hundred bytes, which packs badly. */
const PLACES = {
  name: 'places',
  test: /src[\\/](at-work|ui[\\/](shell[\\/](lazy-views|keys|status-bar)|kit[\\/](scan-code|code-reader)|firmware[\\/]watch-pill|device[\\/](share-link|device-filter|device-(?:list|row|order)|row-styles|add-simulated|simulated-note|chip-question))|words[\\/]device[\\/]chip-question|words[\\/]shell[\\/]status-bar|state[\\/](activity[\\/](activity|activity-state|ends)|device[\\/](device-choice|check-all)|update[\\/](history-search|look-back)|rollout[\\/]rollouts|firmware[\\/]watched-file)|page[\\/](attention|file|notifier)|storage[\\/](watched-handle|vault[\\/](lock-changes|handed-token)))\.ts/,
};

/** So are the cards, and what stands in them: who has a device sees them at once, and the empty page needs none. */
const CARDS = {
  name: 'cards',
  test: /src[\\/](ui|words|state)[\\/]device[\\/](device-card|card-|device-menu|primary-action|device-fit|device-face|slot-(map|grid|face)|state-dot|standing|update-progress|device-doctor|device-check|hidden-device)|src[\\/](ui[\\/]kit[\\/](action-menu|outcome-shape)|words[\\/]update[\\/]update-progress)/,
};

/** Hashing without SubtleCrypto, which simulated devices do, too: it is kept where they are not. */
const HASHES = { name: 'hashes', test: /node_modules[\\/]@noble|src[\\/]firmware[\\/]bytes[\\/]digest-in-slices/ };

/** Devices in the page, for who tries it: what they are made of is loaded over the network when it is asked for, and not kept. */
const SIMULATOR = { name: 'simulator', test: /src[\\/]simulator[\\/]/ };

/** So is the guide that prepares a board, which has its reader download tools and sources. */
const GUIDE = {
  name: 'guide',
  test: /src[\\/](ui[\\/]more[\\/](prepare-board|board-steps|typed-command)|words[\\/]more[\\/](prepare-board|board-commands))\.ts/,
};

const GROUPS = [FIRST, FILES, UPDATE, WORDS, CHECKED, CARDS, JOBS, PLACES, HASHES, SIMULATOR, GUIDE];

/** Where the build goes; the command line may say another folder than this file does. */
let outDir = '';
const knowOutDir: Plugin = {
  name: 'moult-know-out-dir',
  configResolved: ({ root, build }) => {
    outDir = resolve(root, build.outDir);
  },
};

/** The worker shows no other bytes than these under its files' names (src/offline/service-worker.ts). */
function withHash<Entry extends { readonly url: string }>(entry: Entry): Entry & { readonly integrity: string } {
  const hash = createHash('sha256').update(readFileSync(join(outDir, entry.url)));
  return { ...entry, integrity: `sha256-${hash.digest('base64')}` };
}

/** The page that a host serves: files with a service worker that keeps them. */
const app: UserConfig = {
  build: {
    outDir: 'dist/app',
    target: TARGET,
    // Every browser with ES2022 has modulepreload.
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: GROUPS } } },
  },
  // One file without imports: it is a script, too, for a browser that knows no modules in workers (Firefox before 114).
  worker: { format: 'es' },
  plugins: [
    knowOutDir,
    everyGroupHasAFile(GROUPS.map(({ name }) => name)),
    minifyTemplates(),
    // What the worker is made of is built apart.
    licences({ apart: ['workbox-precaching'] }),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src/offline',
      filename: 'service-worker.ts',
      // The page registers it itself (src/offline/registration.ts): under Trusted Types, and after the first view.
      injectRegister: false,
      manifest,
      // The system shows the icons, and keeps them itself.
      includeManifestIcons: false,
      injectManifest: {
        // A classic script: module workers came late to Firefox.
        rollupFormat: 'iife',
        target: TARGET,
        // Everything that the page itself asks for, but for what is of use only with a network, or before there is a device.
        globPatterns: ['**/*.{html,js,css,svg,webmanifest}'],
        globIgnores: [
          'service-worker.js',
          `assets/{${JOBS.name},${SIMULATOR.name},tab-fleet,${GUIDE.name},prepare-board}-*.js`,
        ],
        manifestTransforms: [(entries) => ({ manifest: entries.map(withHash), warnings: [] })],
      },
    }),
  ],
};

/**
 * The page on a board has one device. What the library, the history, "More" and the dialogs for other devices need would
 * make it half as large again, for nothing; src/on-device.ts does without.
 */
const NOT_ON_DEVICE = {
  onDemandOf: 'src/ui/',
  modules: ['src/ui/shell/app-nav.ts', 'src/ui/device/card/device-doctor.ts', 'src/ui/device/no-device.ts'],
};

/** `--mode device`: one file that a board serves from its own flash. */
const device: UserConfig = {
  build: {
    outDir: 'dist/device',
    target: TARGET,
    // There is nothing to preload.
    modulePreload: false,
    copyPublicDir: false,
    rolldownOptions: { output: { codeSplitting: false } },
  },
  plugins: [
    startWith('src/on-device.ts'),
    minifyTemplates(),
    leaveOut(NOT_ON_DEVICE),
    loadNothing(),
    licences({ page: 'index.html' }),
    oneFile(),
    boardFiles(),
  ],
};

export default defineConfig(({ mode }) => ({
  ...(mode === 'device' ? device : app),
  define: { 'import.meta.env.VITE_VERSION': JSON.stringify(process.env['VITE_VERSION'] ?? version) },
  server: { strictPort: true },
  // Not the host's (src/host/cli/serve-command.ts): a page without its policy would come into what that origin keeps.
  preview: { port: 6684, strictPort: true },
}));
