/**
 * What random tests rest on: which of them are played, and how many.
 *
 * `npm test` plays the same ones each time, so that it fails only for what has changed. `npm run test:random` plays
 * others each time, and more of them: what nobody has thought of is found there.
 */
import fc from 'fast-check';

export { fc };

// A page has no environment.
const given = typeof process === 'undefined' ? {} : process.env;

/** Whole number from which fast-check derives what is played. */
export const SEED = Number(given['SEED'] ?? 1);

/** How many times as much is played as by `npm test`. */
const TIMES = Number(given['TIMES'] ?? 1);

/** @param usual how many `npm test` plays */
export function howMany(usual: number): number {
  return Math.ceil(usual * TIMES);
}

/** So many are usual in fast-check. */
const USUAL = 100;

fc.configureGlobal({ seed: SEED, numRuns: howMany(USUAL) });
