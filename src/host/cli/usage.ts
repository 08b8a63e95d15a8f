import type { UsageProblem } from '../../model/host/usage-problem.ts';
import { usageProblemInWords } from '../../words/cli/usage-problems.ts';

/** A wrong use of the command line; the message says what is wrong with it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly problem: UsageProblem;

  constructor(problem: UsageProblem, options?: ErrorOptions) {
    super(usageProblemInWords(problem), options);
    this.problem = problem;
  }
}

/** Runs `parse` (node:util's parseArgs) and turns its complaints into usage errors. */
export function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    const code = error instanceof TypeError && 'code' in error ? error.code : null;
    if (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS')) {
      throw new UsageError({ kind: 'arguments', said: (error as TypeError).message }, { cause: error });
    }
    throw error;
  }
}

/** A whole number in [min, max], or a usage error that names the option. */
export function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError({ kind: 'no-whole-number', option, text, min, max });
}

/** One of `choices`, or a usage error that names the option. */
export function oneOf<T extends string>(option: string, text: string, choices: readonly T[]): T {
  const chosen = choices.find((choice) => choice === text);
  if (chosen === undefined) throw new UsageError({ kind: 'no-choice', option, text, choices });
  return chosen;
}
