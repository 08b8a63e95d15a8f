/**
 * An ESPHome device refuses with a number. This is what each of them means, in words. Source: ESPHome `ota_backend.h`,
 * `espota2.py`.
 */
const MEANINGS: ReadonlyMap<string, string> = new Map([
  ['0x81', 'no room could be made for the update'],
  ['0x83', 'its flash could not be written'],
  ['0x84', 'the image is damaged, or not for this chip'],
  ['0x85', 'it was last written by cable, and its reset button must be pressed once before it takes an update'],
  ['0x86', 'its own firmware was built for another size of flash'],
  ['0x87', 'the file was built for another size of flash'],
  ['0x88', 'it has no space for the file'],
  ['0x89', 'its partition for updates is too small'],
  ['0x8A', 'it has no partition for updates'],
  ['0x8B', 'the MD5 differs'],
  ['0x8C', 'it has no space for the file'],
  ['0x8D', 'the file is not signed by the key that it trusts'],
  ['0xFF', 'it does not say why'],
]);

/** "0x8D: the file is not signed by the key that it trusts"; anything else as it is. */
export function esphomeSaid(said: string): string {
  const meaning = MEANINGS.get(said);
  return meaning === undefined ? said : `${said}: ${meaning}`;
}
