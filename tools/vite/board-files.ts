/** Vite plugin for the page on a device: fails where a board without PSRAM could not serve what would be built. */
import type { Plugin } from 'vite';

/**
 * In bytes. The device's server takes a file of up to 64 KiB whole into its buffers; without PSRAM one from about 30 kB
 * on fails from the third load on, and holds up the device's program meanwhile. A larger one it sends piece by piece.
 */
const WHOLE_BELOW = 30_000;
const PIECEWISE_ABOVE = 65_536;

/**
 * Three tenths of the smallest file system beside two slots: on 4 MiB of flash MicroPython's own table leaves it 960 KiB,
 * and the program that it is there for needs room, too.
 */
export const ROOM = Math.floor((3 * 960 * 1024) / 10);

/** What is wrong with such files in a board's folder, by name and bytes; null where nothing is. */
export function boardTrouble(files: ReadonlyMap<string, number>): string | null {
  for (const [name, bytes] of files) {
    if (bytes >= WHOLE_BELOW && bytes <= PIECEWISE_ABOVE) {
      const never = `${inWords(WHOLE_BELOW)} to ${inWords(PIECEWISE_ABOVE)}`;
      return `${name} has ${inWords(bytes)} bytes: a board without PSRAM cannot serve ${never}. Make it smaller, or larger.`;
    }
  }
  const all = [...files.values()].reduce((sum, bytes) => sum + bytes, 0);
  if (all <= ROOM) return null;
  return `The page has ${inWords(all)} bytes, and may take ${inWords(ROOM)} of a board’s file system.`;
}

function inWords(bytes: number): string {
  return bytes.toLocaleString('en');
}

export function boardFiles(): Plugin {
  return {
    name: 'board-files',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const sizes = Object.values(bundle).map((file): [string, number] => [
        file.fileName,
        Buffer.byteLength(file.type === 'chunk' ? file.code : file.source),
      ]);
      const trouble = boardTrouble(new Map(sizes));
      if (trouble !== null) throw new Error(trouble);
    },
  };
}
