/** Numbers as people read them, with units. Flash is sold in units of 1024, so MB and KB mean that here too. */

const KB = 1024;
const MB = 1024 * 1024;

/** 1500000 → "1.4 MB", 4096 → "4 KB", 0 → "0 bytes". */
export function bytesInWords(bytes: number): string {
  // From 1,000 KB on a person says 1.0 MB.
  if (bytes >= 1000 * KB) return `${(bytes / MB).toFixed(1)} MB`;
  if (bytes >= KB) return `${Math.round(bytes / KB)} KB`;
  return bytes === 1 ? '1 byte' : `${bytes} bytes`;
}

/** 61234 → "60 KB/s". */
export function speedInWords(bytesPerSecond: number): string {
  return `${bytesInWords(Math.round(bytesPerSecond))}/s`;
}

/** Seconds → "42 s", "3 min 10 s", "1 h 5 min". */
export function durationInWords(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  return minutes % 60 === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Acknowledged bytes in whole percent, rounded down: 100 only when all are there. */
export function percentOf(acknowledged: number, total: number): number {
  return total === 0 ? 0 : Math.floor((acknowledged / total) * 100);
}

/** The first eight digits of a hash: enough to tell two builds apart. */
export function shortHash(sha256: string): string {
  return sha256.slice(0, 8);
}

/** 1, "device" → "1 device"; 0 → "0 devices". */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
