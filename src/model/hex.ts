/** [1, 171] → "01ab". */
export function hex(bytes: Iterable<number>): string {
  let digits = '';
  for (const byte of bytes) digits += byte.toString(16).padStart(2, '0');
  return digits;
}
