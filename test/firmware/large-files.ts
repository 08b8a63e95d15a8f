/** Files as large as the largest flash of an ESP32 module, of kinds that cost an inspector most. */
import { buildMerged } from './flash-builder.ts';
import { buildApp, concat, filled, text, view } from './image-builder.ts';
import type { Bytes } from './image-builder.ts';
import { buildUf2, buildZip } from './other-files-builder.ts';

export const MB = 1024 * 1024;
export const LARGEST = 16 * MB;

/** Nothing in it ends a search early: neither a banner nor any other sign of MicroPython. */
export const largeApp = (): Bytes => buildApp({ chip: 'ESP32-S3', sizeBytes: LARGEST, python: false });

/** A download that stopped, and left zeros in the rest. */
export const largeAppThatStops = (): Bytes => largeApp().fill(0, 4096);

/** An app of 4 MB, and erased flash behind it. */
export const largeFullFlash = (): Bytes =>
  concat(
    buildMerged({ chip: 'ESP32-S3', app: buildApp({ chip: 'ESP32-S3', sizeBytes: 4 * MB }) }),
    filled(LARGEST - 4 * MB - 0x10000, 0xff),
  );

export const largeAppInErasedFlash = (): Bytes =>
  concat(buildApp({ chip: 'ESP32-S3', sizeBytes: 4 * MB }), filled(LARGEST - 4 * MB, 0xff));

/** Half of it is payload, the other half the heads and padding of the blocks. */
export const largeUf2 = (): Bytes => buildUf2(buildApp({ chip: 'ESP32-S3', sizeBytes: LARGEST / 2 }));

export const largeZip = (): Promise<Bytes> => buildZip([{ name: 'app.bin', bytes: largeApp(), stored: true }]);

/** One segment whose checksum covers the whole file and is right; nothing else matters. */
export function largeEsp8266(): Bytes {
  const file = filled(LARGEST, 0x5a);
  file.set([0xe9, 1, 2, 0x40, 0, 0, 0x10, 0x40]);
  view(file).setUint32(8, 0x40201010, true);
  view(file).setUint32(12, LARGEST - 32, true);
  // The XOR of an even number of equal bytes leaves the initial value.
  file[LARGEST - 1] = 0xef;
  return file;
}

/** A Tasmota build full of texts that could be its time of build. */
export const fullOfStamps = (): Bytes => fullOf('Tasmota/%s (%s)', '19:38:07\0');

/** No 32-bit read of it is aligned. */
export const largeAppOffBeat = (): Bytes => concat(filled(1, 0), largeApp()).subarray(1);

/** Full of words that begin like MicroPython's banner and are none. */
export const fullOfBanners = (): Bytes => fullOf('', 'MicroPython ');

/** A banner, and words that begin like the name of a board. */
export const fullOfBoards = (): Bytes =>
  fullOf('MicroPython v1.2.3 on 2024-01-01', '; ; ; with ESP'.repeat(16) + '\u0001\0');

/** An app that holds `words` over and over. */
function fullOf(start: string, words: string): Bytes {
  const app = buildApp({ chip: 'ESP32-S3', sizeBytes: LARGEST, strings: [start], python: false });
  const bytes = text(words);
  for (let at = 0x1000; at + bytes.length < app.length; at += bytes.length) app.set(bytes, at);
  return app;
}
