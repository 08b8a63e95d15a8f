/** Writes what mutation testing found into docs/testing.md. Run by `npm run test:mutation`. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const REPORT = new URL('../reports/mutation/mutation.json', import.meta.url);
const DOC = new URL('../docs/testing.md', import.meta.url);
const START = '<!-- mutation:start -->';
const END = '<!-- mutation:end -->';
/** The rooms whose code is mutated (`mutate` in stryker.config.json). */
const ROOMS = ['device', 'update', 'rollout', 'model', 'words'];

/** The part of Stryker's report that is read here (its schema: `mutation-testing-report-schema`). */
interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: readonly { readonly status: string }[] }>>;
}

interface Found {
  readonly killed: number;
  readonly timedOut: number;
  readonly survived: number;
  readonly notCovered: number;
}

function foundIn(mutants: readonly { readonly status: string }[]): Found {
  const are = (status: string): number => mutants.filter((mutant) => mutant.status === status).length;
  return { killed: are('Killed'), timedOut: are('Timeout'), survived: are('Survived'), notCovered: are('NoCoverage') };
}

/** Percent of what could be found. Mutants that do not compile are none. */
function score({ killed, timedOut, survived, notCovered }: Found): string {
  const found = killed + timedOut;
  return ((found / (found + survived + notCovered)) * 100).toFixed(1);
}

function row(name: string, found: Found): string {
  const { killed, timedOut, survived, notCovered } = found;
  return `| ${name} | ${score(found)} | ${killed} | ${timedOut} | ${survived} | ${notCovered} |`;
}

function table({ files }: Report): string {
  const all = Object.entries(files);
  const under = (room: string): typeof all => all.filter(([path]) => path.startsWith(room));
  const whole = (some: typeof all): Found => foundIn(some.flatMap(([, { mutants }]) => mutants));
  // A run with `--mutate` measures some of them.
  const measured = ROOMS.filter((room) => under(`src/${room}/`).length > 0);
  const rooms = measured.flatMap((room) => [
    row(`**${room}/**`, whole(under(`src/${room}/`))),
    ...under(`src/${room}/`).map(([path, { mutants }]) => row(path.slice(`src/${room}/`.length), foundIn(mutants))),
  ]);
  const today = new Date().toISOString().slice(0, 10);
  return [
    `Measured on ${today}.`,
    '',
    '| file | score, % | killed | timed out | survived | not covered |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    row('**all of them**', whole(all)),
    ...rooms,
  ].join('\n');
}

const doc = await readFile(DOC, 'utf8');
const [before, rest] = doc.split(START);
const after = rest?.split(END)[1];
if (before === undefined || after === undefined) throw new Error(`${fileURLToPath(DOC)} has no place for the table`);
const report = JSON.parse(await readFile(REPORT, 'utf8')) as Report;
await writeFile(DOC, `${before}${START}\n${table(report)}\n${END}${after}`);
