/** What is said where many devices that were found are saved at once. */
import { counted } from '../../kit/locale.ts';

export const TOKEN_FOR_ALL = 'Token for all';

/** @param takenByAll whether each of them is spoken to with a token */
export function tokenForAllHint(takenByAll: boolean): string {
  const usual =
    'For the devices you select. Leave it empty if they need none, or if each has its own: add those later under “Edit”.';
  return takenByAll ? usual : `${usual} It is not sent to WLED, ESPHome and Tasmota devices.`;
}

export function allLabel(count: number): string {
  return `Select all (${count})`;
}

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
