/** Findings about files that hold firmware and are none themselves, and about files that are not whole. */
import type {
  ArchiveForm,
  Finding,
  ForeignHead,
  Held,
  NothingFound,
  SealedArchive,
} from '../../model/firmware/finding.ts';
import { counted, whole } from '../kit/locale.ts';
import { bytesInWords, exactBytes } from '../kit/quantities.ts';

type Of<Reason extends Finding['reason']> = Extract<Finding, { reason: Reason }>;

export const FOREIGN_HEADS: Readonly<Record<ForeignHead, string>> = {
  'form-head': 'the head of a web form',
  'server-answer': 'a web server’s answer',
  'web-page': 'a web page',
};

const FORMS: Readonly<Record<ArchiveForm, string>> = { gzip: 'gzip', zip: 'ZIP' };

/** As people know them by their endings. */
const SEALED: Readonly<Record<SealedArchive, readonly [article: 'a' | 'an', name: string]>> = {
  tar: ['a', 'tar archive'],
  xz: ['an', 'xz file'],
  '7z': ['a', '7z file'],
  rar: ['a', 'RAR file'],
  bzip2: ['a', 'bzip2 file'],
  zstandard: ['a', 'Zstandard file'],
  lz4: ['an', 'LZ4 file'],
  lzip: ['an', 'lzip file'],
  cabinet: ['a', 'cabinet file'],
};

const HELD: Readonly<Record<Exclude<Held['kind'], 'sealed'>, string>> = {
  app: 'an app',
  'full-flash': 'a full-flash file',
  'led-in': 'firmware that does not start at its first byte',
  uf2: 'a UF2 file',
  archive: 'another archive',
  esp8266: 'firmware for the ESP8266',
  bootloader: 'a bootloader and no app',
};

function heldInWords(held: Held): string {
  return held.kind === 'sealed' ? SEALED[held.archive].join(' ') : HELD[held.kind];
}

const UNPACK_FIRST = 'Unpack it first, and choose the app’s .bin.';

const NOTHING: Readonly<Record<Exclude<NothingFound['kind'], 'too-large' | 'not-among-looked-at'>, string>> = {
  damaged: 'it is damaged or incomplete',
  encrypted: 'it is password-protected',
  'unknown-method': 'it is packed in a way that Moult can’t read',
  'no-firmware': 'there is no firmware in it',
  'too-much-memory': 'it would take too much memory to unpack what is in it',
};

function nothingInWords(why: NothingFound): string {
  switch (why.kind) {
    case 'too-large':
      return `it unpacks to more than ${bytesInWords(why.limitBytes)}`;
    case 'not-among-looked-at':
      return `no firmware was found in it, though only ${whole(why.lookedAt)} of its ${counted(why.files, 'file', 'files')} could be examined`;
    case 'damaged':
    case 'encrypted':
    case 'unknown-method':
    case 'no-firmware':
    case 'too-much-memory':
      return NOTHING[why.kind];
  }
}

export function compressed(found: Of<'compressed'>): string {
  if (found.kind === 'sealed') return `Packed (${SEALED[found.archive][1]}), which Moult can’t read. ${UNPACK_FIRST}`;
  const packed = `Compressed (${FORMS[found.form]})`;
  if (found.kind === 'nothing') return `${packed}, and nothing to send: ${nothingInWords(found.why)}.`;
  const { held, name } = found;
  const size = bytesInWords(found.size);
  switch (held.kind) {
    case 'app':
      return `${packed}. A device takes ${name === null ? 'the file inside' : `the firmware inside: ${name}`} (${size}).`;
    case 'full-flash':
    case 'led-in':
    case 'uf2':
    case 'archive':
    case 'esp8266':
      return `${packed}. It holds ${heldInWords(held)}${name === null ? '' : `, ${name}`} (${size}): look inside.`;
    case 'sealed':
      return `${packed}. It holds ${heldInWords(held)}. ${UNPACK_FIRST}`;
    case 'bootloader':
      return `${packed}, and nothing to send: it holds ${heldInWords(held)}.`;
  }
}

const UF2 = 'UF2 file, for boards that show up as a drive';

export function uf2(found: Of<'uf2'>): string {
  switch (found.kind) {
    case 'too-much-memory':
      return `${UF2}, which would take too much memory to read.`;
    case 'nothing-known':
      return `${UF2}. It holds no firmware that Moult knows.`;
    case 'holds':
      return uf2Holding(found.held, bytesInWords(found.size));
  }
}

function uf2Holding(held: Held, size: string): string {
  switch (held.kind) {
    case 'app':
      return `${UF2}. A device takes the firmware inside (${size}).`;
    case 'full-flash':
    case 'led-in':
    case 'uf2':
    case 'archive':
      return `${UF2}. It holds ${heldInWords(held)} (${size}): look inside.`;
    case 'sealed':
    case 'esp8266':
    case 'bootloader':
      return `${UF2}, and nothing to send: it holds ${heldInWords(held)}.`;
  }
}

export function merged({ fromTable, apps, partition, size }: Of<'merged'>): string {
  const what = fromTable
    ? 'This is a part of a flash, from its partition table on, to be written by cable.'
    : 'This is a full-flash file for a first install by cable.';
  const which = apps === 1 ? '' : ` It holds ${counted(apps, 'app', 'apps')}; this is the one that it starts.`;
  return `${what} A device takes the app inside (${bytesInWords(size)}, partition ${partition}).${which}`;
}

export function truncated(found: Of<'truncated'>): string {
  switch (found.kind) {
    case 'bytes':
      return `Incomplete: ${found.exact ? '' : 'at least '}${exactBytes(found.bytes)} missing. Download it again.`;
    case 'blocks':
      return `Incomplete: ${counted(found.blocks, 'block is', 'blocks are')} missing in this UF2 file. Download it again.`;
    case 'blank': {
      const filling = found.filling === 'zeros' ? 'are zeros' : 'is erased flash';
      return `Incomplete: from byte ${whole(found.from)} on there ${filling} where more of the firmware should be. Download it again.`;
    }
    case 'partition':
      return `Incomplete: a full-flash file whose app (partition ${found.partition}) is cut off. Download it again.`;
    case 'behind-lead-in':
      return `Incomplete: the firmware starts ${exactBytes(found.at)} into this file, and is cut off. Download it again.`;
  }
}
