/**
 * An image with PrettyOTA in it, and what the device tells of it. An app may name its version and its build time
 * itself; otherwise the device tells those of the descriptor, which Arduino's prebuilt core always has the same.
 * Source: PrettyOTA `PrettyOTA.cpp` (`queryInfo`), `PrettyOTA.h`; esp-idf `esp_app_desc.h`.
 */

export interface Named {
  readonly version: string;
  /** "May 10 2025", as a compiler writes it. */
  readonly date: string;
  /** "03:00:45" */
  readonly time: string;
}

export interface PrettyBuild extends Named {
  /** What the app tells instead of its descriptor. */
  readonly own?: Partial<Named>;
}

const BYTES = 2_000;
const DESCRIPTOR_AT = 0x20;
const DESCRIPTOR_MAGIC = [0x32, 0x54, 0xcd, 0xab];
const AT = { version: 0x30, time: 0x70, date: 0x80 } as const;
/** Behind the descriptor. */
const TEXTS_AT = 0x200;
const ROUTE = '/prettyota/start';
/** Marks the values that a real app would hand over in its code. */
const OWN = { version: 'SetAppVersion ', date: 'SetAppBuildDate ', time: 'SetAppBuildTime ' } as const;

export function prettyImage(build: PrettyBuild, bytes = BYTES, seed = 7): Uint8Array<ArrayBuffer> {
  const image = new Uint8Array(bytes).map((_, at) => (at * seed) & 0xff);
  image.fill(0, DESCRIPTOR_AT, TEXTS_AT);
  image[0] = 0xe9;
  image.set(DESCRIPTOR_MAGIC, DESCRIPTOR_AT);
  const encoder = new TextEncoder();
  for (const [name, at] of Object.entries(AT)) image.set(encoder.encode(build[name as keyof Named]), at);
  const { own = {} } = build;
  const said = Object.entries(own).map(([name, value]) => `${OWN[name as keyof Named]}${value}`);
  image.set(encoder.encode(['', ROUTE, ...said, ''].join('\0')), TEXTS_AT);
  return image;
}

/** What the device tells of an image; null: it has no PrettyOTA. */
export function toldOf(image: Uint8Array): Named | null {
  const letters = new TextDecoder('latin1').decode(image.subarray(0, BYTES));
  if (!letters.includes(`\0${ROUTE}\0`)) return null;
  const told = (name: keyof Named): string => {
    const own = letters.split('\0').find((text) => text.startsWith(OWN[name]));
    return own?.slice(OWN[name].length) ?? letters.slice(AT[name]).split('\0')[0] ?? '';
  };
  return { version: told('version'), date: told('date'), time: told('time') };
}
