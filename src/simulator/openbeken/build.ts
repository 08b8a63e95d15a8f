/**
 * An OpenBeken image, and its build: one text, which the file has just as the device tells it. Source: OpenBeken
 * `new_http.c` (`g_build_str`).
 */

export interface OpenbekenBuild {
  /** "Jul 24 2026", as a compiler writes it. */
  readonly date: string;
  /** "19:38:07" */
  readonly time: string;
  /** "1.18.233_4M": with the size of flash that it is for, or other features. */
  readonly version: string;
}

const BYTES = 2_000;
/** Behind the descriptor. */
const TEXT_AT = 0x200;

export function buildText({ date, time, version }: OpenbekenBuild): string {
  return `Built on ${date} ${time} version ${version}`;
}

export function openbekenImage(build: OpenbekenBuild, bytes = BYTES, seed = 7): Uint8Array<ArrayBuffer> {
  const image = new Uint8Array(bytes).map((_, at) => (at * seed) & 0xff);
  image[0] = 0xe9;
  image.set(new TextEncoder().encode(`\0${buildText(build)}\0`), TEXT_AT);
  return image;
}

/** The build of an image; null: it is not OpenBeken. */
export function toldOf(image: Uint8Array): OpenbekenBuild | null {
  const letters = new TextDecoder('latin1').decode(image.subarray(0, BYTES));
  const [, date = '', time = '', version] =
    /\0Built on (\w{3} [ \d]\d \d{4}) ([\d:]{8}) version ([^\0]+)\0/.exec(letters) ?? [];
  return version === undefined ? null : { date, time, version };
}
