/** What is wrong with the host's own folder, and what to do about it. */
import type { DataTrouble, KeptList, NoAuthority, SystemReason } from '../../model/host/data-trouble.ts';

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file or folder'],
  ['EACCES', 'this account lacks permission'],
  ['EPERM', 'this account lacks permission'],
  ['EROFS', 'the disk is read-only'],
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'this account has used up its share of the disk'],
  ['EISDIR', 'it is a folder'],
  ['EEXIST', 'there is a file of that name'],
  ['ENOTDIR', 'one of its folders is a file'],
  ['EIO', 'the disk fails'],
]);

/** The rest of a sentence: "the disk is full". */
export function reasonInWords({ code, said }: SystemReason): string {
  return REASONS.get(code) ?? said;
}

const NO_AUTHORITY: Readonly<Record<NoAuthority, string>> = {
  damaged: 'is damaged',
  foreign: 'was not made by Moult',
  mismatched: 'has the key of another certificate',
};

/** What follows until the list can be read again. */
const MEANWHILE: Readonly<Record<KeptList, string>> = {
  clients: 'Until you put it back, no browser is paired; each can be paired again.',
  certificates: 'Until you put it back, devices are trusted by the certificate that they show next.',
  job: 'The host does not go on with that update. The device is as it was left.',
};

export function dataTroubleInWords(trouble: DataTrouble): string {
  switch (trouble.kind) {
    case 'folder-writable-by-others':
      return `Others on this machine can write to ${trouble.folder}, ${HOLDS}. If nobody has changed it, make it yours alone (chmod go-w ${trouble.folder}). Otherwise name another folder with --data DIR.`;
    case 'folder-of-another-account':
      return `The folder ${trouble.folder}, ${HOLDS}, belongs to another account, which can change it. Start Moult as that account, or name another folder with --data DIR.`;
    case 'authority-not-written':
      return `The certificate authority cannot be written to ${trouble.file}: ${reasonInWords(trouble.reason)}. Fix that, or name another folder with --data DIR.`;
    case 'authority-not-read':
      return `${trouble.file} cannot be read: ${reasonInWords(trouble.reason)}. Change that, or ${wayOut('it')}`;
    case 'key-open-to-others':
      return `Others on this machine can read ${trouble.file}, which holds the key of the certificate authority. Make it yours alone (chmod 600 ${trouble.file}). If somebody may have read it, ${wayOut('it')}`;
    case 'half-an-authority':
      return `${trouble.file} is of no use without ${trouble.missing}. Put that back, or ${wayOut('the other one')}`;
    case 'no-authority':
      return `The certificate authority in ${trouble.files.join(' and ')} ${NO_AUTHORITY[trouble.found]}. Put a copy back, or ${wayOut(trouble.files.length > 1 ? 'both' : 'it')}`;
    case 'authority-out-of-time':
      return `The certificate authority in ${trouble.files.join(' and ')} is valid from ${day(trouble.validFrom)} to ${day(trouble.validTo)}, and this machine’s clock says ${day(trouble.now)}. Set the clock right. If it is right, ${wayOut(trouble.files.length > 1 ? 'the files' : 'the file')}`;
    case 'clock-too-early':
      return `This machine’s clock says ${day(trouble.now)}, and no phone would accept a certificate of that day. Set the clock right.`;
    case 'lock-held':
      return `${trouble.holder === null ? 'Something' : `Process ${trouble.holder.pid} on ${trouble.holder.machine}`} holds ${trouble.file} and does not let go. If no Moult is running there, remove the file.`;
    case 'list-not-read':
      return `${trouble.file} cannot be read: ${reasonInWords(trouble.reason)}. ${MEANWHILE[trouble.list]}`;
    case 'damaged-list-not-moved':
      return `${trouble.file} cannot be read (it is damaged), nor moved aside (${reasonInWords(trouble.reason)}). ${MEANWHILE[trouble.list]}`;
    case 'damaged-list-moved':
      return `${trouble.file} cannot be read (it is damaged) and is now ${trouble.aside}. ${MEANWHILE[trouble.list]}`;
    case 'list-not-written':
      return `${trouble.file} cannot be written: ${reasonInWords(trouble.reason)}.${trouble.list === 'certificates' ? ' The certificates of devices are not kept.' : ''}`;
    case 'clients-writable-by-others':
      return `Others can write to ${trouble.file}, so no browser counts as paired. If nobody has changed it, make it yours alone (chmod 600 ${trouble.file}). Otherwise remove it.`;
  }
}

const HOLDS = 'which holds the key of the certificate authority and who is paired';

function wayOut(them: string): string {
  return `remove ${them}: then a new authority is made, which phones have to trust.`;
}

/** "2026-01-15", as in a terminal. */
function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Said by `moult serve`, which then goes without a folder. */
export function folderUnusableText(folder: string, reason: SystemReason): string {
  return `The folder for the host’s own data, ${folder}, cannot be used: ${reasonInWords(reason)}. The host keeps to this machine; for phones, name a folder with --data DIR.`;
}

/** What a request is told, which has no business knowing which folders there are. */
export const NOT_KEPT = 'The host cannot store this. Its log says why.';
