/** How numbers, dates and plurals are written, and names sorted. All text is English, whatever language the browser is set to. */

/** British: the day stands before the month. Numbers are written alike in all of English. */
export const LOCALE = 'en-GB';

const PLURALS = new Intl.PluralRules(LOCALE);
const WHOLE = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const ONE_DECIMAL = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const ALL = new Intl.ListFormat(LOCALE, { type: 'conjunction' });
const ANY = new Intl.ListFormat(LOCALE, { type: 'disjunction' });

/** 99936 → "99,936". */
export function whole(number: number): string {
  return WHOLE.format(number);
}

/** 1.43 → "1.4", 2 → "2.0". */
export function oneDecimal(number: number): string {
  return ONE_DECIMAL.format(number);
}

/** The form of a word that goes with a count: 1, "belongs", "belong" → "belongs". */
export function plural(count: number, one: string, other: string): string {
  return PLURALS.select(count) === 'one' ? one : other;
}

/** More names than this make no readable sentence. */
const NAMED = 5;

/** "Hall", "Hall and Attic", "Hall, Attic, Porch, Cellar, Shed and 7 others". */
export function listOf(names: readonly string[]): string {
  const rest = names.length - NAMED;
  return ALL.format(rest > 1 ? [...names.slice(0, NAMED), counted(rest, 'other', 'others')] : names);
}

/** "a, b or c" */
export function anyOf(choices: readonly string[]): string {
  return ANY.format(choices);
}

/** "Both", "All 3": of more than one. */
export function allOf(count: number): string {
  return count === 2 ? 'Both' : `All ${count}`;
}

/** 1, "device", "devices" → "1 device"; 0 → "0 devices"; 1200 → "1,200 devices". */
export function counted(count: number, one: string, other: string): string {
  return `${whole(count)} ${plural(count, one, other)}`;
}

/** With a capital letter, for the beginning of a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
