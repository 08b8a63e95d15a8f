/**
 * Takes the place of `inspect-esp8266.ts` in the page that a board serves: ViperHTTP's boards are ESP32s, and of a file for the
 * ESP8266 it is enough to know that it is one.
 */
import { blankFacts } from '../blank-inspection.ts';
import { ESP8266 } from '../../model/firmware/chips.ts';
import { isEsp8266 } from './esp8266.ts';
import type * as whole from './inspect-esp8266.ts';

export const inspectEsp8266: typeof whole.inspectEsp8266 = (file) => {
  const finding = { reason: 'esp8266', deviceChipId: null } as const;
  return Promise.resolve(
    isEsp8266(file) ? { ...blankFacts('esp8266', file.length), chip: ESP8266, verdict: 'refuse', finding } : null,
  );
};

export const asPacked: typeof whole.asPacked = (inside, { length: size }) => ({ ...inside, kind: 'gzip', size });
