/** How long the fuzzing may take, and where it begins. */
import fc from 'fast-check';

/** Milliseconds for each property: a coffee break for all of them. `FUZZ_MS` sets another budget. */
export const FUZZ_MS = Number(process.env['FUZZ_MS'] ?? 40_000);

/** `FUZZ_SEED` plays a run again. */
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);
process.stdout.write(
  `  Fuzzing begins at seed ${SEED} (FUZZ_SEED plays it again), ${FUZZ_MS / 1000} s for each property.\n`,
);

/** As many runs as the budget allows, and a thousand at least: a property that was hardly tried has shown nothing. */
export async function fuzz<T>(property: fc.IAsyncProperty<T> | fc.IProperty<T>): Promise<void> {
  let runs = 0;
  const counted = {
    seed: SEED,
    numRuns: 1_000_000_000,
    interruptAfterTimeLimit: FUZZ_MS,
    markInterruptAsFailure: false,
    reporter: (details: fc.RunDetails<T>) => {
      runs = details.numRuns;
      if (details.failed) {
        throw new Error(fc.defaultReportMessage(details) ?? 'failed', { cause: details.errorInstance });
      }
    },
  };
  await fc.assert(property as fc.IAsyncProperty<T>, counted);
  process.stdout.write(`      ${runs.toLocaleString('en')} runs\n`);
}
