/** What `moult inspect` says of a file. */
import { plural } from '../kit/locale.ts';
import { notReadText } from './push.ts';
import type { Verdict } from '../../model/firmware/inspection.ts';

const VERDICTS: Readonly<Record<Verdict, string>> = { accept: 'Accepted', warn: 'Warning', refuse: 'Refused' };

/** `verdict`: null for a file that cannot be read. `message`: why, or what it is. */
export function verdictLine(file: string, verdict: Verdict | null, message: string): string {
  return verdict === null ? notReadText(file, message) : `${file}: ${VERDICTS[verdict]}. ${message}`;
}

export function sizeLine(bytes: number, sha256: string): string {
  return `${bytes} ${plural(bytes, 'byte', 'bytes')}, SHA-256 ${sha256}`;
}

export function insideLine(name: string, message: string): string {
  return `inside: ${name}. ${message}`;
}

/** `why`: what bounds the work; null where that is not known. */
export function notLookedIntoLine(count: number, why: string | null): string {
  return `inside: ${count} more, not examined${why === null ? '' : `: ${why}`}`;
}
