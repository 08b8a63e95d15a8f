/** What ESPEasy tells of itself at `/json`, without any secret. Source: ESPEasy `JSON.cpp`, `StringProvider.cpp`. */
import type { DeviceIdentity } from '../../model/device/identity.ts';
import { objectIn, toldValue } from '../answer.ts';
import { chipIdOf } from '../whole-image/chip-id.ts';

/** What the names of all its files begin with. */
const FILE_PREFIX = 'ESP_Easy_';

/** Null where the answer is not ESPEasy's. */
export function readEspeasy(json: unknown): DeviceIdentity | null {
  const system = objectIn(objectIn(json)?.['System']);
  if (system === null || toldValue(system['Git Build']) === null || toldValue(system['Unit Number']) === null) {
    return null;
  }
  const file = toldValue(system['Binary Filename']);
  const chip = toldValue(system['ESP Chip Model']);
  const uptime = Number(system['Uptime (ms)'] ?? NaN);
  return {
    product: 'ESPEasy',
    name: toldValue(system['Unit Name']),
    version: file?.startsWith(FILE_PREFIX) === true ? file.slice(FILE_PREFIX.length) : toldValue(system['Build']),
    release: null,
    build: [system['Git Build'], system['Build Time']]
      .map(toldValue)
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
