/** Numbers as people read them, with units: decimal bytes, as files and memory are sold. */

/** 1500000 → "1.5 MB", 0 → "0 bytes". */
export function bytesInWords(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(bytes < 9_950_000 ? 2 : 1)} MB`;
}

/** 61234 → "61 kB/s". */
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
