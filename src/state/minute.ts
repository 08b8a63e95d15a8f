import { atom, onMount } from 'nanostores';

/**
 * How often what is said about the past ("4 min ago") is said anew, in milliseconds. A sixth of its smallest step: with a
 * whole one, "just now" would be said for up to two minutes.
 */
const STEP_MS = 10_000;

/** The time now, in milliseconds since 1970, near enough to tell minutes; stands still while nobody looks. */
export const $minute = atom(Date.now());

onMount($minute, () => {
  $minute.set(Date.now());
  const timer = setInterval(() => $minute.set(Date.now()), STEP_MS);
  return () => clearInterval(timer);
});
