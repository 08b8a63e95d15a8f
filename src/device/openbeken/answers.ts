/** What an OpenBeken device tells of itself, and what it says of an upload. Source: OpenBeken `rest_interface.c`, `new_http.c`, `hal_ota_espidf.c` (July 2026). */
import { buildTime, type DeviceIdentity } from '../../model/device/identity.ts';
import type { UploadAnswer } from '../../model/device/whole-image-link.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import { objectIn, toldText, type Answer } from '../answer.ts';
import { chipIdOf } from '../whole-image/chip-id.ts';
import { codeOfPage } from '../whole-image/code-of-page.ts';

const NOTHING_TOLD: DeviceIdentity = {
  ...{ product: 'OpenBeken', name: null, version: null, release: null, build: null, chipId: null, chip: null },
  // An upload that breaks off is checked and refused when its connection ends, and the next one begins from nothing.
  ...{ flashBytes: null, uptimeMs: null, takesUpdates: null, keepsHalf: false },
};

/** The challenge of a device that asks for a password before every route. */
const ASKS = /^Basic realm="OpenBeken\b/;
/** The text of its build, which its file has word for word. */
const BUILD = /"build":"Built on (\w{3} [ \d]\d \d{4} [\d:]{8}) version ([^"\s]+)"/;

/**
 * Null where the answer is another device's. Its answer may be broken JSON: it does not escape the names and commands
 * that people wrote.
 */
export function readInfo({ status, text, html, challenge }: Answer): DeviceIdentity | null {
  if (status === 401 && ASKS.test(challenge ?? '')) return NOTHING_TOLD;
  const [, seconds] = /"uptime_s":(\d{1,10})\b/.exec(text) ?? [];
  const chip = field(text, 'chipset');
  const [, build, version] = BUILD.exec(text) ?? [];
  if (status !== 200 || html || seconds === undefined || chip === null || build === undefined) return null;
  return {
    ...NOTHING_TOLD,
    name: field(text, 'shortName'),
    version: toldText(version),
    build: buildTime(build),
    chip,
    chipId: chipOfName(chip),
    uptimeMs: Number(seconds) * 1000,
    // It also runs on chips of other makers, whose files are not recognised here.
    takesUpdates: /^ESP/i.test(chip),
  };
}

/** "ESP32C3", as its source has it for "ESP32-C3". */
function chipOfName(chip: string): number | null {
  return chipIdOf(chip.replace(/^(ESP32)(?=[A-Z]\d)/i, '$1-'));
}

function field(text: string, name: string): string | null {
  const [, value] = new RegExp(`"${name}":"([^"]*)"`).exec(text) ?? [];
  return toldText(value);
}

/** Its “yes” is the number of bytes that it took. It has no words for a refusal. */
export function readUpload({ status, json, html }: Answer, bytes: number): UploadAnswer {
  if (status === 200 && objectIn(json)?.['size'] === bytes) return { kind: 'taken', said: null };
  throw new UpdateError(codeOfPage(status, html), { status });
}

/** Whether it said that it will restart. */
export function saysReboot({ status, json }: Answer): boolean {
  return status === 200 && typeof objectIn(json)?.['reboot'] === 'number';
}
