/** Archives and packed files that are not read here: only named, so that people know to unpack them first. */
import type { SealedArchive } from '../../model/firmware/finding.ts';
import { startsWith } from '../bytes/little-endian.ts';
import type { Bytes } from '../bytes/little-endian.ts';

interface Form {
  readonly archive: SealedArchive;
  readonly magic: readonly number[];
}

/** Sources: the formats' own descriptions; each begins with a number of its own. */
const FORMS: readonly Form[] = [
  { archive: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  { archive: '7z', magic: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c] },
  { archive: 'rar', magic: [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07] },
  { archive: 'bzip2', magic: [0x42, 0x5a, 0x68] },
  { archive: 'zstandard', magic: [0x28, 0xb5, 0x2f, 0xfd] },
  { archive: 'lz4', magic: [0x04, 0x22, 0x4d, 0x18] },
  { archive: 'lzip', magic: [0x4c, 0x5a, 0x49, 0x50, 0x01] },
  { archive: 'cabinet', magic: [0x4d, 0x53, 0x43, 0x46, 0x00, 0x00, 0x00, 0x00] },
];

/** bzip2's magic is three letters: after them stand the size of its blocks, and a block or the end. */
const BZIP2_BLOCKS: readonly (readonly number[])[] = [
  [0x31, 0x41, 0x59, 0x26, 0x53, 0x59],
  [0x17, 0x72, 0x45, 0x38, 0x50, 0x90],
];
const BLOCKS_AT = 4;

const TAR_HEADER_BYTES = 512;
/** Where a tar header keeps the sum of its bytes, in octal digits. The sum takes these eight as spaces. */
const TAR_SUM_AT = 148;
const TAR_SUM_BYTES = 8;

/** Older archives have no magic; all have this sum. */
function isTar(file: Bytes): boolean {
  if (file.length < TAR_HEADER_BYTES) return false;
  const digits = String.fromCharCode(...file.subarray(TAR_SUM_AT, TAR_SUM_AT + TAR_SUM_BYTES));
  if (!/^[ 0]*[0-7]+[ \0]*$/.test(digits)) return false;
  let sum = 0;
  for (let at = 0; at < TAR_HEADER_BYTES; at += 1) {
    const isOfSum = at >= TAR_SUM_AT && at < TAR_SUM_AT + TAR_SUM_BYTES;
    sum += isOfSum ? 0x20 : (file[at] ?? 0);
  }
  return sum === Number.parseInt(digits.trim(), 8);
}

/** Null where the file is none of these. */
export function sealedArchive(file: Bytes): SealedArchive | null {
  if (isTar(file)) return 'tar';
  const form = FORMS.find(({ magic }) => startsWith(file, 0, magic));
  if (form === undefined) return null;
  const isText = form.archive === 'bzip2' && !BZIP2_BLOCKS.some((magic) => startsWith(file, BLOCKS_AT, magic));
  return isText ? null : form.archive;
}
