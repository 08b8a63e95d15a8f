/** How long the fuzzing may take, and where it begins. */
import fc from 'fast-check';

/** Milliseconds for each property: a coffee break for all of them. `FUZZ_MS` sets another budget. */
export const FUZZ_MS = Number(process.env['FUZZ_MS'] ?? 40_000);

/** `FUZZ_SEED` plays a run again. */
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);
process.stdout.write(
  `  Fuzzing begins at seed ${SEED} (FUZZ_SEED plays it again), ${FUZZ_MS / 1000} s for each property.\n`,
);

/** A property that was hardly tried has shown nothing. */
const FEWEST_RUNS = 1_000;

/** As many runs as the budget allows, and `FEWEST_RUNS` at least. */
export async function fuzz<T>(property: fc.IAsyncProperty<T> | fc.IProperty<T>): Promise<void> {
  let runs = 0;
  const counted = {
    reporter: (details: fc.RunDetails<T>) => {
      runs += details.numRuns;
      if (details.failed) {
        throw new Error(fc.defaultReportMessage(details) ?? 'failed', { cause: details.errorInstance });
      }
    },
  };
  const budget = { interruptAfterTimeLimit: FUZZ_MS, markInterruptAsFailure: false };
  const fuzzed = property as fc.IAsyncProperty<T>;
  await fc.assert(fuzzed, { ...counted, ...budget, seed: SEED, numRuns: 1_000_000_000 });
  // On a machine that is busy.
  if (runs < FEWEST_RUNS) await fc.assert(fuzzed, { ...counted, seed: SEED + 1, numRuns: FEWEST_RUNS - runs });
  process.stdout.write(`      ${runs.toLocaleString('en')} runs\n`);
}
