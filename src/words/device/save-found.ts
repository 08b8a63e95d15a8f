/** What is said where many devices that were found are saved at once. */
import { counted } from '../kit/locale.ts';

export const TICK_HINT = 'Or tick several, and save them together.';

export const TOKEN_FOR_ALL = 'Token for all of them';

export const TOKEN_FOR_ALL_HINT =
  'Leave it empty where they take none, or where each has its own: “Edit” takes it later.';

export function tickLabel(name: string, address: string): string {
  return `Save ${name}, ${address}`;
}

export function savedAlready(name: string): string {
  return `, saved here as ${name}`;
}

export function saveManyLabel(count: number): string {
  return `Save ${counted(count, 'device', 'devices')}`;
}

/** Why one of them was not saved; the others were. */
export function notSaved(name: string, message: string): string {
  return `${name} was not saved. ${message}`;
}
