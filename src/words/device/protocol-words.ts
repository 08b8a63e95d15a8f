/** What a person chooses a protocol by, and what one is called. */
import { type Dialect, PROTOCOLS, type Protocol } from '../../model/device/dialect.ts';

const WORDS: Readonly<Record<Protocol, string>> = {
  automatic: 'Automatic',
  documented: 'ViperHTTP as documented',
  shipped: 'ViperHTTP as shipped',
  wled: 'WLED',
  form: 'Upload page (Arduino, ESPEasy)',
  'elegant-ota': 'ElegantOTA',
  'pretty-ota': 'PrettyOTA',
  openbeken: 'OpenBeken',
  espota: 'ArduinoOTA (espota)',
  tasmota: 'Tasmota',
  esphome: 'ESPHome',
  'esphome-web': 'ESPHome, by its web page',
};

/** Where it is no name. */
const IN_SENTENCE: Readonly<Partial<Record<Protocol, string>>> = { form: 'an upload page (Arduino, ESPEasy)' };

/** How a device is spoken to, behind "Uses". */
export function protocolInWords(dialect: Dialect): string {
  return IN_SENTENCE[dialect] ?? WORDS[dialect];
}

/** What a person has chosen, as the choice itself is called. */
export function choiceInWords(protocol: Protocol): string {
  return WORDS[protocol];
}

/** In the order in which they are offered. */
export const PROTOCOL_CHOICES: readonly { readonly value: Protocol; readonly words: string }[] = PROTOCOLS.map(
  (value) => ({ value, words: WORDS[value] }),
);
