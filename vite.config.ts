import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { manifest } from './src/offline/manifest.ts';
import { boardFiles } from './tools/vite/board-files.ts';
import { everyFileHasAModule, everyGroupHasAFile, group } from './tools/vite/groups.ts';
import { leaveOut } from './tools/vite/leave-out.ts';
import { licences } from './tools/vite/licences.ts';
import { minifyTemplates } from './tools/vite/minify-templates.ts';
import { loadNothing, oneFile, startWith } from './tools/vite/one-file.ts';
import { preloadScripts } from './tools/vite/preload-scripts.ts';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string };

/** Every browser that the page is for has it: Safari 16.4, Chrome 94, Firefox 93. */
const TARGET = 'es2022';

/**
 * What the first view is made of is one file and not forty small ones: fewer requests, better packed. `main.ts` stays out:
 * it awaits files that import this one.
 */
const FIRST = { name: 'first', tags: ['$initial' as const], test: /node_modules|src[\\/]\w+[\\/]|preload-helper/ };

/** What is loaded only where the page has no SubtleCrypto. */
const WITHOUT_SUBTLE = 'firmware/bytes/digest-in-slices';

/** So is what judges a file for a device: whoever reads files needs it, and whoever speaks to devices. */
const JUDGE = group('judge', ['model/firmware/fit', 'model/firmware/judge', 'model/device/identity']);

/** So is what reads a file, and what speaks to a device. */
const FILES = group('files', ['firmware/', 'page/hash', 'page/worker-hash'], { except: [WITHOUT_SUBTLE] });
const UPDATE = group('update', ['update/', 'device/', 'device-ways']);

/** So is what is said of files and of updates, which the first view has none of. */
const WORDS = group(
  'words',
  [
    'words/update/',
    ...['doctor', 'protocol-words'].map((name) => `words/device/${name}`),
    ...['file-words', 'files', 'findings', 'misfits', 'packed-findings'].map((name) => `words/firmware/${name}`),
  ],
  { except: ['words/update/host-jobs', 'words/update/update-progress'] },
);

/** So is what checks that which comes from outside: what the host offers, and a backup with its passphrase. */
const CHECKED = group(
  'checked',
  [
    ...['page/host/host-offers', 'page/host/pair-calls'],
    ...['backup', 'backup-schema', 'device-table', 'read-import', 'vault/passphrase-key'].map(
      (name) => `storage/${name}`,
    ),
  ],
  { also: /node_modules[\\/]valibot/ },
);

/** So is what follows the updates and rollouts that the host runs: of no use where the host is out of reach, so it comes from there, and is not kept. */
const JOBS = group('jobs', [
  ...['jobs-of-host', 'page/host/job-calls', 'page/host/event-stream', 'page/host/new-job-ref'],
  ...['words/update/host-jobs', 'words/host/jobs', 'model/jobs/member-key'],
  ...['ui/more/agent-panel', 'words/more/agent-panel', 'words/agent/server-trouble', 'model/agent/agent-view'],
  ...['ui/more/agent-offers', 'words/more/agent-offers'],
  ...['jobs', 'own-jobs', 'in-link', 'job-feed', 'job-offer', 'job-run', 'make-job', 'agent-state'].map(
    (name) => `state/jobs/${name}`,
  ),
  ...['host-rollout', 'host-rollout-view', 'own-rollout', 'make-rollout', 'order-with-secrets'].map(
    (name) => `state/rollout/${name}`,
  ),
]);

/** So is what is behind a tap: alone, each of these would be a file of a few hundred bytes, which packs badly. */
const PLACES = group('places', [
  ...['at-work', 'page/attention', 'page/file', 'page/notifier', 'state/activity/'],
  ...['ui/shell/lazy-views', 'ui/shell/late-parts', 'ui/shell/keys', 'ui/shell/status-bar', 'words/shell/status-bar'],
  ...['ui/shell/scan-code', 'ui/shell/code-reader', 'ui/firmware/watch-pill', 'state/firmware/watched-file'],
  ...['ui/device/list/', 'ui/device/dialog/share-link', 'ui/device/add-simulated', 'ui/device/simulated-note'],
  ...[
    'ui/device/chip-question',
    'words/device/chip-question',
    'state/device/device-choice',
    'state/device/check/check-all',
  ],
  ...[
    'state/update/history-search',
    'state/update/look-back',
    'state/rollout/rollouts',
    'state/rollout/page-rollout',
    'state/rollout/run-in-page',
  ],
  ...['storage/watched-handle', 'storage/vault/lock-changes', 'storage/vault/handed-token'],
]);

/** So are the cards, and what stands in them: who has a device sees them at once, and the empty page needs none. */
const CARDS = group('cards', [
  ...['ui/device/card/', 'words/device/card/', 'words/update/update-progress', 'ui/kit/action-menu'],
  ...['device-menu', 'primary-action', 'card-status', 'standing', 'state-dot'].map((name) => `ui/device/${name}`),
  ...['words/device/device-menu', 'words/device/standing', 'ui/kit/style/outcome-shape'],
  ...['state/device/slot-face', 'state/device/hidden-device'],
]);

/** Hashing for pages from plain http, which simulated devices do, too: it is kept where they are not. */
const HASHES = group('hashes', [WITHOUT_SUBTLE], { also: /node_modules[\\/]@noble/ });

/** Devices in the page, for who tries it: what they are made of is loaded over the network when it is asked for, and not kept. */
const SIMULATOR = group('simulator', ['simulator/']);

/** So is the guide that prepares a board, which has its reader download tools and sources. */
const GUIDE = group('guide', [
  ...['prepare-board', 'board-steps', 'typed-command'].map((name) => `ui/more/${name}`),
  ...['words/more/prepare-board', 'words/more/board-commands'],
]);

/** A module goes to the first that has it, or needs it: what is not kept comes after what is. */
const GROUPS = [FIRST, JUDGE, FILES, UPDATE, WORDS, CHECKED, CARDS, PLACES, JOBS, HASHES, SIMULATOR, GUIDE];

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
    // Where a browser lacks modulepreload (Safari before 17, Firefox before 115), the first files come one after the other.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: { codeSplitting: { groups: GROUPS } },
      // What a lazy chunk imports at once, and others on demand, is loaded with that chunk. That is meant, and no warning
      // for who types `npm start` for the first time.
      checks: { ineffectiveDynamicImport: false },
    },
  },
  // One file without imports: it is a script, too, for a browser that knows no modules in workers (Firefox before 114).
  worker: { format: 'es' },
  plugins: [
    knowOutDir,
    everyGroupHasAFile(GROUPS.map(({ name }) => name)),
    everyFileHasAModule(),
    minifyTemplates(),
    preloadScripts(),
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
        globIgnores: ['service-worker.js', `assets/{ask-host,${JOBS.name},${SIMULATOR.name},${GUIDE.name}}-*.js`],
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
  // A board runs MicroPython: of any other file it is enough to know that it is none. And its page has no bars below
  // and no list, and says of a loss that it is one.
  instead: {
    'src/device/gateway-word.ts': 'src/device/no-gateway-word.ts',
    'src/firmware/image/tells.ts': 'src/firmware/image/no-tells.ts',
    'src/firmware/image/inspect-esp8266.ts': 'src/firmware/image/refused-esp8266.ts',
    'src/ui/kit/bar-height.ts': 'src/ui/kit/no-bar-height.ts',
    'src/ui/device/card/loss-aloud.ts': 'src/ui/device/card/loss-once.ts',
    'src/ui/device/card/plain-card.ts': 'src/ui/device/card/no-plain-card.ts',
    'src/update/said-by-device.ts': 'src/update/no-gateway-said.ts',
    'src/words/device/identity.ts': 'src/words/device/no-identity.ts',
    'src/words/device/one-partition.ts': 'src/words/device/no-one-partition.ts',
    'src/words/firmware/other-products.ts': 'src/words/firmware/no-other-products.ts',
    'src/words/update/off-board-errors.ts': 'src/words/update/no-off-board-errors.ts',
    'src/words/kit/host-meanwhile.ts': 'src/words/kit/no-host-meanwhile.ts',
    'src/words/kit/host-notices.ts': 'src/words/kit/no-host-notices.ts',
    'src/words/kit/host-questions.ts': 'src/words/kit/no-host-questions.ts',
  },
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
