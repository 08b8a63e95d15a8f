/**
 * `npm run check` and `npm test`: runs the project's checks and tests, and ends with one line `N passed, N failed`.
 *
 * Each type check, the linter and the formatter count as one test each. Output of a step that went well and has
 * nothing to tell is left out; what failed is said once more at the end, where nobody has to look for it.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { BUILD_STEPS } from './build.ts';

interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Whether the step counts tests of its own; otherwise the step is one test. */
  readonly counts?: true;
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** What failed, each with the step it failed in. */
  readonly failures: readonly string[];
}

const node = (...args: string[]): [string, ...string[]] => [process.execPath, ...args];
// The scripts behind the commands, so that no shell and no PATH is needed (Windows has .cmd files there).
const tsc = 'node_modules/typescript/bin/tsc';
const mocha = 'node_modules/mocha/bin/mocha.js';
const reporter = ['--reporter', 'tools/mocha-reporter.cjs'];

const NOTHING: Counts = { passed: 0, failed: 0, failures: [] };
const PASSED_ONCE: Counts = { ...NOTHING, passed: 1 };

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

const SCHEDULES = 'test/update/world/schedules-*.node.test.ts';
const nodeStep = (name: string, ...args: string[]): Step => ({
  name,
  command: node(mocha, ...reporter, ...args),
  counts: true,
});
const unlessIn = (...globs: string[]): string[] => globs.flatMap((glob) => ['--ignore', glob]);
/** What the host does with devices: over real sockets, at the pace of devices. */
const UPDATES_BY_THE_HOST = ['jobs', 'rollouts', 'agent'].map((wing) => `test/host/${wing}/**/*.node.test.ts`);
const JOURNEYS = 'test/journey/**';
/** Tests that listen on fixed ports are all in one step, so that no two of them listen at once. */
const UNIT: readonly Step[] = [
  nodeStep('updates by the host', ...UPDATES_BY_THE_HOST),
  nodeStep('the host', 'test/host/**/*.node.test.ts', ...unlessIn(...UPDATES_BY_THE_HOST)),
  nodeStep('tests in Node', 'test/**/*.node.test.ts', ...unlessIn('test/host/**', JOURNEYS, SCHEDULES)),
];
const PROPERTIES: readonly Step[] = ['shipped', 'documented'].map((dialect) =>
  nodeStep(`random fault schedules, ${dialect}`, SCHEDULES.replace('*', dialect)),
);
const BROWSER: Step = {
  name: 'tests in Chromium',
  command: node('--import=tsx', 'node_modules/@web/test-runner/dist/bin.js'),
  counts: true,
};
const BUILD: readonly Step[] = BUILD_STEPS.map(({ name, args }) => ({ name, command: node(...args) }));
const SUFFIX = '.node.test.ts';
const JOURNEY: readonly Step[] = readdirSync('test/journey', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith(SUFFIX))
  .map((path) => nodeStep(`the journey, ${basename(path, SUFFIX)}`, join('test/journey', path)));
/** The longest first, so that none of them is alone at the end. */
const LONGEST = ['as-published-page', 'reach-host', 'as-published-cli', 'bad-network', 'responsive', 'reach-alone'];

function byLength(journeys: readonly Step[]): readonly Step[] {
  const rank = ({ name }: Step): number => {
    const at = LONGEST.findIndex((long) => name.endsWith(` ${long}`));
    return at < 0 ? LONGEST.length : at;
  };
  return [...journeys].sort((a, b) => rank(a) - rank(b));
}

/**
 * A step that says nothing for so long hangs, and has failed. Tests say when each of them has ended, and end themselves after
 * ten minutes. The linter takes longest to say anything: a minute, and seventeen where the machine had ten other things to do
 * on each of its cores. How long all of a step takes is up to the machine.
 */
const SILENCE_LIMIT_MS = 1_800_000;

/** Runs one step to its end; what it printed is shown at once afterwards, so that two steps do not mix. */
async function runStep(step: Step, scratch: string): Promise<Counts> {
  const started = performance.now();
  const countsFile = join(scratch, `${step.name}.json`);
  const [program, ...args] = step.command;
  const child = spawn(program, args, {
    env: { ...process.env, MOULT_COUNTS: countsFile, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const silence = setTimeout(() => child.kill('SIGKILL'), SILENCE_LIMIT_MS);
  const output: Buffer[] = [];
  const hear = (chunk: Buffer): void => {
    output.push(chunk);
    silence.refresh();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const { code, signal } = await new Promise<{ code: number; signal: string | null }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exit, by) => resolve({ code: exit ?? 1, signal: by }));
  });
  clearTimeout(silence);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const counts = named(step, await countsOf(step, code, countsFile));
  const said = signal === null ? '' : `, ended by ${signal}`;
  console.log(`${counts.failed === 0 ? '✔' : '✘'} ${step.name} (${seconds} s${said})`);
  const text = Buffer.concat(output).toString('utf8').trimEnd();
  if (text !== '' && (step.counts === true || counts.failed > 0)) console.log(`${text}\n`);
  return counts;
}

async function countsOf(step: Step, code: number, countsFile: string): Promise<Counts> {
  if (step.counts !== true) return code === 0 ? PASSED_ONCE : failedOnce('see its output above');
  if (!existsSync(countsFile)) return failedOnce('it broke before it could count');
  const counts = JSON.parse(await readFile(countsFile, 'utf8')) as Counts;
  if (counts.failed > 0) return counts;
  if (counts.passed === 0) return failedOnce('no test ran');
  return code === 0 ? counts : add(counts, failedOnce(`it ended with ${code}, and no test failed`));
}

const failedOnce = (why: string): Counts => ({ passed: 0, failed: 1, failures: [why] });

const named = (step: Step, counts: Counts): Counts => ({
  ...counts,
  failures: counts.failures.map((failure) => `${step.name}: ${failure}`),
});

/** Steps that need each other's results, one after the other. */
async function inTurn(steps: readonly Step[], scratch: string): Promise<Counts> {
  let sum = NOTHING;
  for (const step of steps) sum = add(sum, await runStep(step, scratch));
  return sum;
}

/** Begins the steps in this order, `lanes` of them at a time. */
async function inLanes(lanes: number, steps: readonly Step[], scratch: string): Promise<Counts> {
  const left = [...steps];
  const work = async (): Promise<Counts> => {
    let sum = NOTHING;
    for (let step = left.shift(); step; step = left.shift()) sum = add(sum, await runStep(step, scratch));
    return sum;
  };
  return (await Promise.all(Array.from({ length: lanes }, work))).reduce(add);
}

function add(a: Counts, b: Counts): Counts {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    failures: [...a.failures, ...b.failures],
  };
}

/** The smallest machine this runs on has two cores. */
const CORES = 2;
/** Updates and journeys wait for others most of the time: for devices, for what restarts, for a page. */
const WAITING = 3;

const scratch = await mkdtemp(join(tmpdir(), 'moult-test-'));
let sum: Counts;
if (process.argv[2] === 'check') {
  sum = await inLanes(CORES, CHECK, scratch);
} else {
  const build = await inTurn(BUILD, scratch);
  // What computes beside what waits. Chromium's tests keep two cores busy by themselves, so nothing else computes then.
  const rest = await Promise.all([
    inLanes(WAITING, [...UNIT, ...byLength(JOURNEY)], scratch),
    inTurn([...CHECK, ...PROPERTIES, BROWSER], scratch),
  ]);
  sum = rest.reduce(add, build);
}
await rm(scratch, { recursive: true, force: true });

for (const failure of sum.failures) console.log(`✘ ${failure}`);
console.log(`\n${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;
