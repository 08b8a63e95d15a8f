/** The build of a Tasmota image, with its texts as in a real one, and how to put them there. */

export interface TasmotaBuild {
  /** "15.2.0" */
  readonly version: string;
  /** "tasmota32", "minimal", "safeboot" */
  readonly variant: string;
  /** "2026-07-24T19:38:07" */
  readonly builtAt: string;
}

/** Behind Espressif's app descriptor. */
const PLACE = 320;
const LONGEST = 400;
const SERVER = 'Tasmota/%s (%s)';
const BESIDE_VARIANT = 'Some settings have been reset (%d)';
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A copy of `image` that tells this build. A real one computes its version, which is at the end here. */
export function withTasmota(image: Uint8Array, { version, variant, builtAt }: TasmotaBuild): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(image);
  const [year = '', month = '', day = ''] = (builtAt.split('T')[0] ?? '').split('-');
  const date = `${MONTHS[Number(month) - 1] ?? ''} ${String(Number(day)).padStart(2, ' ')} ${year}`;
  const words = [SERVER, variant, BESIDE_VARIANT, date, builtAt.split('T')[1] ?? '', version];
  copy.fill(0, PLACE, PLACE + LONGEST);
  copy.set(new TextEncoder().encode(words.join('\0')), PLACE);
  return copy;
}

/** Null where it is not a Tasmota image. */
export function buildIn(image: Uint8Array): TasmotaBuild | null {
  const text = new TextDecoder().decode(image.subarray(PLACE, PLACE + LONGEST));
  const [server, variant = '', , date = '', time = '', version = ''] = text.split('\0');
  if (server !== SERVER) return null;
  const [month = '', day = '', year = ''] = date.split(/ +/);
  const number = String(MONTHS.indexOf(month) + 1).padStart(2, '0');
  return { version, variant, builtAt: `${year}-${number}-${day.padStart(2, '0')}T${time}` };
}

const FIRST_BYTES = 2_000;

export function tasmotaImage(build: TasmotaBuild, bytes = FIRST_BYTES): Uint8Array<ArrayBuffer> {
  const image = new Uint8Array(bytes).map((_, at) => (at * 7) & 0xff);
  image[0] = 0xe9;
  return withTasmota(image, build);
}
