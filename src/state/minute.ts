import { atom, onMount } from 'nanostores';

/** How often what is said about the past ("4 min ago") is said anew, in milliseconds: its smallest step. */
const STEP_MS = 60_000;

/** The time now, in milliseconds since 1970, to the minute; stands still while nobody looks. */
export const $minute = atom(Date.now());

onMount($minute, () => {
  $minute.set(Date.now());
  const timer = setInterval(() => $minute.set(Date.now()), STEP_MS);
  return () => clearInterval(timer);
});
