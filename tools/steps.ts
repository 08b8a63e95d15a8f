/** What `npm run check`, `npm test` and `npm run test:random` run. `run.ts` runs it. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { BUILD_STEPS } from './build.ts';

export interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Whether the step counts tests of its own; otherwise the step is one test. */
  readonly counts?: true;
}

const node = (...args: string[]): [string, ...string[]] => [process.execPath, ...args];
// The scripts behind the commands, so that no shell and no PATH is needed (Windows has .cmd files there).
const mocha = 'node_modules/mocha/bin/mocha.js';
/** Ten times as fast as the one that the linter needs (docs/decisions/build-and-checks.md). */
const tsc = 'node_modules/typescript-7/bin/tsc';
const reporter = ['--reporter', 'tools/mocha-reporter.cjs'];

/** One tsconfig for each runtime. */
const PROJECTS = [
  ['the window', 'tsconfig.json'],
  ['the vocabulary', 'src/model/tsconfig.json'],
  ['the firmware room', 'src/firmware/tsconfig.json'],
  ['the update room', 'src/update/tsconfig.json'],
  ['the rollout room', 'src/rollout/tsconfig.json'],
  ['the agent room', 'src/agent/tsconfig.json'],
  ['the words', 'src/words/tsconfig.json'],
  ['the simulator', 'src/simulator/tsconfig.json'],
  ['the service worker', 'src/offline/tsconfig.json'],
  ['Node', 'src/host/tsconfig.json'],
  ['the tests', 'test/tsconfig.json'],
  ['the tools', 'tsconfig.tools.json'],
] as const;

const CHECK: readonly Step[] = [
  ...PROJECTS.map(([name, path]): Step => ({ name: `types of ${name}`, command: node(tsc, '-p', path) })),
  { name: 'lint and room rules', command: node('node_modules/eslint/bin/eslint.js', '--max-warnings=0', '.') },
  { name: 'formatting', command: node('node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.') },
];

const SUFFIX = '.node.test.ts';
const SCHEDULES_OF = 'schedules-';
const SCHEDULES = `test/update/world/${SCHEDULES_OF}*${SUFFIX}`;
const nodeStep = (name: string, ...args: string[]): Step => ({
  name,
  command: node(mocha, ...reporter, ...args),
  counts: true,
});
const unlessIn = (...globs: string[]): string[] => globs.flatMap((glob) => ['--ignore', glob]);
/** What the host does with devices: over real sockets, at the pace of devices. */
const UPDATES_BY_THE_HOST = ['jobs', 'rollouts', 'agent'].map((wing) => `test/host/${wing}/**/*${SUFFIX}`);
const JOURNEYS = 'test/journey/**';
/** Tests that listen on fixed ports are all in one step, so that no two of them listen at once. */
const UNIT: readonly Step[] = [
  nodeStep('updates by the host', ...UPDATES_BY_THE_HOST),
  nodeStep('the host', `test/host/**/*${SUFFIX}`, ...unlessIn(...UPDATES_BY_THE_HOST)),
  nodeStep('tests in Node', `test/**/*${SUFFIX}`, ...unlessIn('test/host/**', JOURNEYS, SCHEDULES)),
];
const BROWSER: Step = {
  name: 'tests in Chromium',
  command: node('--import=tsx', 'node_modules/@web/test-runner/dist/bin.js'),
  counts: true,
};
const BUILD: readonly Step[] = BUILD_STEPS.map(({ name, args }) => ({ name, command: node(...args) }));

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path));

/** Each dialect that takes chunks has a file of its own, and each of these computes for long. */
const BY_DIALECT: readonly Step[] = filesIn(dirname(SCHEDULES))
  .filter((path) => basename(path).startsWith(SCHEDULES_OF) && path.endsWith(SUFFIX))
  .map((path) => nodeStep(`random fault schedules, ${basename(path, SUFFIX).slice(SCHEDULES_OF.length)}`, path));

/** The longest journeys, each by itself and first of all, so that none of them is alone at the end. */
const LONGEST = ['as-published-page', 'reach-host', 'as-published-cli', 'bad-network', 'responsive', 'reach-alone'];

/** A wing's other journeys share a process: to start one takes as long as a short journey computes. */
function journeys(): readonly Step[] {
  const files = filesIn('test/journey').filter((path) => path.endsWith(SUFFIX));
  const long = LONGEST.map((name) => {
    const path = files.find((each) => basename(each, SUFFIX) === name);
    if (path === undefined) throw new Error(`There is no journey ${name}.`);
    return path;
  });
  const others = files.filter((path) => !long.includes(path));
  const wings = [...new Set(others.map(dirname))];
  return [
    ...long.map((path) => nodeStep(`the journey, ${basename(path, SUFFIX)}`, path)),
    ...wings.map((wing) =>
      nodeStep(`the journeys, ${basename(wing)}`, ...others.filter((path) => dirname(path) === wing)),
    ),
  ];
}

/** Whatever plays at random, by what it imports. The schedules of dialects have steps of their own. */
function otherRandomTests(): readonly string[] {
  return filesIn('test').filter(
    (path) =>
      path.endsWith('.test.ts') &&
      !basename(path).startsWith(SCHEDULES_OF) &&
      readFileSync(path, 'utf8').includes("/random.ts'"),
  );
}

/** The smallest machine this runs on has two cores. */
const CORES = 2;
/** Updates and journeys wait for others most of the time: for devices, for what restarts, for a page. */
const WAITING = 3;

interface Plan {
  /** One after the other, before all else. */
  readonly first: readonly Step[];
  /** One after the other, beside `lanes` that take from `shared`; which is taken from, too, once these are done. */
  readonly inTurn: readonly Step[];
  readonly lanes: number;
  readonly shared: readonly Step[];
}

/** What can be asked for. */
export const PLANS = {
  check: (): Plan => ({ first: [], inTurn: [], lanes: CORES - 1, shared: CHECK }),
  // What computes beside what waits. Chromium's tests keep two cores busy by themselves, so nothing else computes then.
  all: (): Plan => ({
    first: BUILD,
    inTurn: [...CHECK, ...BY_DIALECT, BROWSER],
    lanes: WAITING,
    shared: [...UNIT, ...journeys()],
  }),
  random: (): Plan => ({
    first: [],
    inTurn: BY_DIALECT,
    lanes: CORES - 1,
    shared: [nodeStep('all else at random', ...otherRandomTests())],
  }),
} as const satisfies Record<string, () => Plan>;
