/** What is said of a backup: why no file was made, and why one was refused. */
import type { BackupRefusal, NotExported } from '../model/backup.ts';

const NOT_EXPORTED: Readonly<Record<NotExported, string>> = {
  locked: 'The tokens are locked, and no file was made. Unlock them, or save without them.',
  'no-secure-context':
    'This page is not encrypted, so the browser cannot seal the tokens. Save without them, or open Moult over https.',
  'too-short': 'The passphrase needs at least 8 characters.',
};

export function notExportedInWords(why: NotExported): string {
  return NOT_EXPORTED[why];
}

export function backupRefusalInWords(refusal: BackupRefusal): string {
  switch (refusal.why) {
    case 'too-large':
      return `This file is too large for a backup, which has at most ${refusal.limitBytes / 1024 / 1024} MB. It was not read.`;
    case 'not-json':
    case 'not-a-backup':
      return 'This file is no backup of Moult. Nothing was changed.';
    case 'newer':
      return 'This file was made by a newer version of Moult. Nothing was changed. Load this page again for the new version.';
    case 'unsafe-keys':
      return 'This file holds something that no backup has. Nothing was changed. Do not trust where it came from.';
    case 'invalid':
      return `This file is damaged or was changed by hand, at “${refusal.where}”. Nothing was changed.`;
    case 'duplicate':
      return `This file has one address twice, at “${refusal.where}”. Nothing was changed.`;
    case 'other-address':
      return `This file shows one address and would send to another, at “${refusal.where}”. Nothing was changed. Do not trust where it came from.`;
    case 'no-secure-context':
      return 'This page is not encrypted, so the browser cannot open the tokens. Import without them, or open Moult over https.';
    case 'wrong-passphrase':
      return 'This is not the passphrase the tokens were sealed with. Nothing was changed.';
    case 'damaged-tokens':
      return 'The tokens in this file are damaged. Nothing was changed. Import without them.';
  }
}
