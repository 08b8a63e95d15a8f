/**
 * `npm run check`, `npm test` and `npm run test:random`: runs the project's checks and tests (`steps.ts`), and ends with
 * one line `N passed, N failed`.
 *
 * Each type check, the linter and the formatter count as one test each. Output of a step that went well and has
 * nothing to tell is left out; what failed is said once more at the end, where nobody has to look for it.
 */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PLANS, type Step } from './steps.ts';

interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** What failed, each with the step it failed in. */
  readonly failures: readonly string[];
}

const NOTHING: Counts = { passed: 0, failed: 0, failures: [] };
const PASSED_ONCE: Counts = { ...NOTHING, passed: 1 };

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

/** Runs the steps one after the other, and takes each out of `left` as it begins. */
async function take(left: Step[], scratch: string): Promise<Counts> {
  let sum = NOTHING;
  for (let step = left.shift(); step; step = left.shift()) sum = add(sum, await runStep(step, scratch));
  return sum;
}

function add(a: Counts, b: Counts): Counts {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    failures: [...a.failures, ...b.failures],
  };
}

/** What is played at random is new each time, and ten times as much as in `npm test` (`test/random.ts`). */
function playNew(): void {
  process.env['SEED'] ??= String(randomInt(2 ** 31));
  process.env['TIMES'] ??= '10';
  console.log(`SEED=${process.env['SEED']} TIMES=${process.env['TIMES']} npm run test:random plays the same again.\n`);
}

const asked = process.argv[2];
if (asked !== 'check' && asked !== 'all' && asked !== 'random') throw new Error('To run: check, all or random.');
if (asked === 'random') playNew();

const { first, inTurn, lanes, shared } = PLANS[asked]();
const scratch = await mkdtemp(join(tmpdir(), 'moult-test-'));
const before = await take([...first], scratch);
const left = [...shared];
const rest = await Promise.all([
  ...Array.from({ length: lanes }, () => take(left, scratch)),
  take([...inTurn], scratch).then(async (counts) => add(counts, await take(left, scratch))),
]);
const sum = rest.reduce(add, before);
await rm(scratch, { recursive: true, force: true });

for (const failure of sum.failures) console.log(`✘ ${failure}`);
console.log(`\n${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;
