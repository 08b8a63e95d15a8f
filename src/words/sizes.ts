/** Sizes as people read them. Flash is sold in units of 1024, so MB and KB mean that here too. */

const KB = 1024;
const MB = 1024 * 1024;

/** "1.6 MB", "24 KB", "1 byte": enough to recognise a file by. */
export function sizeInWords(bytes: number): string {
  // From 1,000 KB on a person says 1.0 MB.
  if (bytes >= 1000 * KB) return `${(bytes / MB).toFixed(1)} MB`;
  if (bytes >= KB) return `${Math.round(bytes / KB)} KB`;
  return exactBytes(bytes);
}

/** "99,936 bytes": where each byte counts. The same in every language setting, as the rest of the text is English. */
export function exactBytes(bytes: number): string {
  return `${bytes.toLocaleString('en-US')} ${bytes === 1 ? 'byte' : 'bytes'}`;
}
