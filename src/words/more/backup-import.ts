/** What is said of a backup file, and of what it would change here. */
import type { BackupPlan, BackupRefusal, NamedElsewhere } from '../../model/page/backup.ts';
import type { Device } from '../../model/device/device.ts';
import { rowProblemText } from './device-list.ts';
import { counted, plural } from '../kit/locale.ts';
import { durationInWords } from '../kit/quantities.ts';

export const IMPORT_A_FILE = 'Import a file';
export const WHAT_CHANGES = 'What the import changes';
export const WILL_BE_ADDED = 'Will be added';
export const WILL_BE_CHANGED = 'Will be changed';
export const WILL_LACK = 'Will be imported without token or login';
export const WHY_LACKING =
  'For these, the list only names environment variables, which a page can’t read. Add them under “Edit” after the import.';
export const WILL_STAY = 'Will not be changed';
export const NOTHING_TO_IMPORT = 'There is nothing to import.';
export const NO_TOKENS = 'The file contains no tokens. The tokens saved here are kept.';
export const TOKENS_PASSPHRASE = 'Passphrase of the tokens';
export const OPEN_TOKENS = 'Unlock the tokens';
export const CHANGED_MEANWHILE = 'Something changed here in the meantime. Check again what the import changes.';

export function importLabel(tokens: BackupPlan['tokens']): string {
  return tokens === 'locked' ? 'Import without tokens' : 'Import';
}

/** @param isForKnown whether any is for a device that is here already: nothing is replaced of the others */
export function tokensText(tokens: number, isForKnown: boolean): string {
  const included = `${counted(tokens, 'token is', 'tokens are')} included.`;
  if (!isForKnown) return included;
  return `${included} ${plural(tokens, 'It replaces one that this device has', 'They replace those that these devices have')} here.`;
}

export function importedText(devices: number, tokens: number, without: BackupPlan['without']): string {
  const imported = `Imported: ${counted(devices, 'device', 'devices')}, ${counted(tokens, 'token', 'tokens')}.`;
  if (without.length === 0) return imported;
  const named = without.slice(0, NAMED).map(lackText);
  const more = without.length - named.length;
  const all = more === 0 ? named : [...named, moreText(more)];
  return `${imported} Not in the list, add under “Edit”: ${all.join('; ')}.`;
}

/** In a sentence; what is shown before the import lists more of them. */
const NAMED = 5;

const LACKS = { token: 'token', login: 'user and password', 'token-and-login': 'token, user and password' } as const;

export function lackText({ name, lacks }: NamedElsewhere): string {
  return `${name} (${LACKS[lacks]})`;
}

export function listTitle(title: string, count: number): string {
  return `${title}: ${count}`;
}

export function moreText(count: number): string {
  return `and ${count} more`;
}

export function deviceText({ name, typed }: Device): string {
  return `${name}, ${typed}`;
}

/** @param defaultPatienceMs how long a device is looked for that has no time of its own */
export function changeText({ before, after }: BackupPlan['change'][number], defaultPatienceMs: number): string {
  const changes = FIELDS.filter(([key]) => before[key] !== after[key]).map(([key, name]) => {
    const [from, to] = [before, after].map((device) => fieldText(device, key, defaultPatienceMs));
    return `${name} ${from} → ${to}`;
  });
  return `${before.name}: ${changes.join(', ')}`;
}

/** What of a device is compared, in the order that it is told. */
const FIELDS = [
  ['name', 'name'],
  ['typed', 'address'],
  ['protocol', 'protocol'],
  ['dialect', 'detected protocol'],
  ['tokenHeader', 'header'],
  ['chipId', 'chip'],
  ['group', 'group'],
  ['patienceMs', 'wait for a restart'],
] as const;

function fieldText(device: Device, key: (typeof FIELDS)[number][0], defaultPatienceMs: number): string {
  if (key === 'patienceMs') return durationInWords((device.patienceMs ?? defaultPatienceMs) / 1000);
  return `${device[key] ?? 'none'}`;
}

export function backupRefusalText(refusal: BackupRefusal): string {
  switch (refusal.kind) {
    case 'too-large':
      return `This file is too large for a backup, which can have at most ${refusal.limitBytes / 1024 / 1024} MB. It was not read.`;
    case 'not-json':
    case 'not-a-backup':
      return 'This file is neither a Moult backup nor a list of devices. Nothing was changed.';
    case 'newer':
      return 'This file was made by a newer version of Moult. Nothing was changed. Reload this page to get it.';
    case 'unsafe-keys':
      return 'This file contains something that no backup has. Nothing was changed. Don’t trust its source.';
    case 'invalid':
      return `This file is damaged or was changed by hand, at “${refusal.where}”. Nothing was changed.`;
    case 'duplicate':
      return `This file has the same address twice, at “${refusal.where}”. Nothing was changed.`;
    case 'other-address':
      return `This file shows one address and would send to another, at “${refusal.where}”. Nothing was changed. Don’t trust its source.`;
    case 'row':
      return rowProblemText(refusal.problem);
    case 'no-secure-context':
      return 'This page isn’t encrypted, so the browser can’t unlock the tokens. Import without them, or open Moult over https.';
    case 'wrong-passphrase':
      return 'This passphrase doesn’t unlock the tokens. Nothing was changed.';
    case 'damaged-tokens':
      return 'The tokens in this file are damaged. Nothing was changed. Import without them.';
  }
}
