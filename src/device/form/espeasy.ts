/** What ESPEasy tells of itself at `/json`, without any secret. Source: ESPEasy `JSON.cpp`, `StringProvider.cpp`. */
import type { DeviceIdentity } from '../../model/device/identity.ts';
import { objectIn, oneLine } from '../answer.ts';
import { chipIdOf } from '../whole-image/chip-id.ts';

/** The longest text that a unit may tell, in UTF-16 units. */
const LONGEST_TEXT = 100;
/** What the names of all its files begin with. */
const FILE_PREFIX = 'ESP_Easy_';

/** Null where the answer is not ESPEasy's. */
export function readEspeasy(json: unknown): DeviceIdentity | null {
  const system = objectIn(objectIn(json)?.['System']);
  if (system === null || text(system['Git Build']) === null || text(system['Unit Number']) === null) return null;
  const file = text(system['Binary Filename']);
  const chip = text(system['ESP Chip Model']);
  const uptime = Number(system['Uptime (ms)'] ?? NaN);
  return {
    product: 'ESPEasy',
    name: text(system['Unit Name']),
    version: file?.startsWith(FILE_PREFIX) === true ? file.slice(FILE_PREFIX.length) : text(system['Build']),
    release: null,
    build: [system['Git Build'], system['Build Time']]
      .map(text)
      .filter((part) => part !== null)
      .join(', '),
    chipId: chip === null ? null : chipIdOf(chip),
    chip,
    flashBytes: null,
    // Not its "Uptime", which counts whole minutes, so that a restart would not show.
    uptimeMs: Number.isFinite(uptime) && uptime >= 0 ? uptime : null,
    takesUpdates: null,
    keepsHalf: false,
  };
}

function text(value: unknown): string | null {
  const written = typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '';
  const line = oneLine(written, LONGEST_TEXT);
  return line === '' ? null : line;
}
