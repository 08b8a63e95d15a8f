/** Numbers as people read them, with units. Flash is sold in units of 1024, so MB and KB mean that here too. */
import { counted, oneDecimal, whole } from './locale.ts';

const KB = 1024;
const MB = 1024 * 1024;

/** 1500000 → "1.4 MB", 4096 → "4 KB", 0 → "0 bytes": enough to recognise a file by. */
export function bytesInWords(bytes: number): string {
  // From 1,000 KB on a person says 1.0 MB.
  if (bytes >= 1000 * KB) return `${oneDecimal(bytes / MB)} MB`;
  if (bytes >= KB) return `${whole(bytes / KB)} KB`;
  return exactBytes(bytes);
}

/** "99,936 bytes": where each byte counts. */
export function exactBytes(bytes: number): string {
  return counted(bytes, 'byte', 'bytes');
}

/** 61234 → "60 KB/s". */
export function speedInWords(bytesPerSecond: number): string {
  return `${bytesInWords(Math.round(bytesPerSecond))}/s`;
}

/** Seconds → "42 s", "3 min 10 s", "1 h 5 min". */
export function durationInWords(seconds: number): string {
  const all = Math.max(0, Math.round(seconds));
  if (all < 60) return `${all} s`;
  const minutes = Math.floor(all / 60);
  if (minutes < 60) return all % 60 === 0 ? `${minutes} min` : `${minutes} min ${all % 60} s`;
  const hours = whole(Math.floor(minutes / 60));
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** Milliseconds → "120 s": a time limit, which is told as it is set. */
export function wholeSeconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}

/** Acknowledged bytes in whole percent, rounded down: 100 only when all are there. */
export function percentOf(acknowledged: number, total: number): number {
  return total === 0 ? 0 : Math.floor((acknowledged / total) * 100);
}

/** The first eight digits of a hash: enough to tell two builds apart. */
export function shortHash(sha256: string): string {
  return sha256.slice(0, 8);
}
