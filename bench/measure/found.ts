/** What a benchmark found. */

export interface Row {
  readonly what: string;
  readonly value: number;
  /** Empty for a ratio. */
  readonly unit: string;
  /** The most that is good; where it is exceeded the run fails. */
  readonly mark?: number;
}

export interface Measured {
  /** Name and version of the other program that it rests on, a browser or curl; null: there is none. */
  readonly with: string | null;
  readonly rows: readonly Row[];
}

export interface Found extends Measured {
  /** ISO 8601. */
  readonly at: string;
  readonly machine: string;
}

export interface Bench {
  readonly name: string;
  run(): Promise<Measured>;
}

/** To `digits` after the point: more would pretend to a precision that two runs do not share. */
export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new RangeError('There is no median of nothing.');
  return middle;
}
