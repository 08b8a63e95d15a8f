/**
 * `npm run bench [name…]`: runs the benchmarks, all or the named ones, one after the other. Keeps what they found in
 * bench/results.json and shows it in docs/performance.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, type as system } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Bench, Found } from './measure/found.ts';
import { asItIs } from './as-it-is.ts';
import { hashing } from './hashing.ts';
import { history } from './history.ts';
import { hostRollout } from './host-rollout.ts';
import { offsets } from './offsets.ts';
import { oneUpdate } from './one-update.ts';
import { rollout } from './rollout.ts';
import { wholeImage } from './whole-image.ts';

/** A new benchmark is a file of its own, and a line here. */
const BENCHES: readonly Bench[] = [asItIs, offsets, oneUpdate, rollout, hostRollout, wholeImage, history, hashing];

const RESULTS = fileURLToPath(new URL('results.json', import.meta.url));
const PAGE = fileURLToPath(new URL('../docs/performance.md', import.meta.url));
const BEGIN = '<!-- made by `npm run bench`: begin -->';
const END = '<!-- made by `npm run bench`: end -->';

type Results = Readonly<Record<string, Found>>;

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !BENCHES.some((bench) => bench.name === name));
if (unknown.length > 0) {
  throw new Error(
    `There is no benchmark ${unknown.join(', ')}; there is ${BENCHES.map(({ name }) => name).join(', ')}.`,
  );
}

// Before the first one: what a bench itself leaves behind is no other's load.
const on = machine();
let results = read();
for (const bench of BENCHES) {
  const { name } = bench;
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`${name} …`);
  const measured = await bench.run();
  const found: Found = { at: new Date().toISOString(), machine: on, ...measured };
  results = { ...results, [name]: found };
  writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
  console.log(table(name, found));
  for (const { what, value, unit, mark } of found.rows) {
    if (mark === undefined || value <= mark) continue;
    console.error(`Missed: ${what} is ${value} ${unit}, the mark is ${mark}.`);
    process.exitCode = 1;
  }
}
const [before, rest] = halves(readFileSync(PAGE, 'utf8'), BEGIN);
const [, after] = halves(rest, END);
const tables = Object.entries(results).map(([name, found]) => table(name, found));
writeFileSync(PAGE, `${before}${BEGIN}\n\n${tables.join('\n')}\n${END}${after}`);

function read(): Results {
  try {
    return JSON.parse(readFileSync(RESULTS, 'utf8')) as Results;
  } catch (error) {
    // The first run finds none.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}

function machine(): string {
  const [cpu] = cpus();
  const [load = 0] = loadavg();
  // What else runs takes its time from the page and from the simulator: such numbers are not worth keeping.
  if (load > cpus().length / 2) console.error(`This machine is busy (load ${load.toFixed(1)}): measure again later.`);
  return `${cpus().length} × ${cpu?.model.trim() ?? 'unknown processor'}, ${system()}, Node ${process.versions.node}`;
}

function table(name: string, { at, machine: on, with: other, rows }: Found): string {
  const lines = rows.map(({ what, value, unit, mark }) => {
    const shown = `${value.toLocaleString('en')}${unit === '' ? '' : ` ${unit}`}`;
    return `| ${what} | ${shown} | ${mark === undefined ? '' : `≤ ${mark.toLocaleString('en')}`} |`;
  });
  return [
    `### ${name}`,
    '',
    `${[at.slice(0, 10), on, other].filter((part) => part !== null).join(', ')}.`,
    '',
    '| | measured | mark |',
    '| --- | ---: | ---: |',
    ...lines,
    '',
  ].join('\n');
}

function halves(text: string, marker: string): [string, string] {
  const at = text.indexOf(marker);
  if (at < 0) throw new Error(`docs/performance.md has no line "${marker}"`);
  return [text.slice(0, at), text.slice(at + marker.length)];
}
