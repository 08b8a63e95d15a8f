/** A call of the command line that cannot be meant; the message is for people. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Runs `parse` (node:util's parseArgs) and turns its complaints into usage errors. */
export function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    const code = error instanceof TypeError && 'code' in error ? error.code : null;
    if (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS')) {
      throw new UsageError((error as TypeError).message, { cause: error });
    }
    throw error;
  }
}

/** A whole number in [min, max], or a usage error that names the option. */
export function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`--${option} takes a whole number from ${min} to ${max}, not "${text}".`);
}
