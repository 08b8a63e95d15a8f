/** Reads QR codes out of a picture: by the browser where it can, else by a library that is loaded then. */

/** A reader answers the text of a code in the picture, or null. */
export type CodeReader = (picture: HTMLVideoElement) => Promise<string | null>;

interface Detector {
  detect(picture: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}

/** The Shape Detection API; unknown to TypeScript's `lib.dom` as of 6.0. */
interface NativeDetector {
  new (options: { readonly formats: readonly string[] }): Detector;
  getSupportedFormats(): Promise<readonly string[]>;
}

export async function openCodeReader(): Promise<CodeReader> {
  const detector = (await ofBrowser()) ?? (await ofLibrary());
  return async (picture) => (await detector.detect(picture))[0]?.rawValue ?? null;
}

async function ofBrowser(): Promise<Detector | null> {
  const { BarcodeDetector: Native } = globalThis as { readonly BarcodeDetector?: NativeDetector };
  if (Native === undefined) return null;
  // Chromium has the class on every system, and reads codes only on some.
  const formats = await Native.getSupportedFormats();
  return formats.includes('qr_code') ? new Native({ formats: ['qr_code'] }) : null;
}

async function ofLibrary(): Promise<Detector> {
  const { BarcodeDetector } = await import('qr/decode.js');
  return new BarcodeDetector({ formats: ['qr_code'] });
}
