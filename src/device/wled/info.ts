/** What a WLED lamp tells of itself at `/json/info`, without any secret. Source: WLED `json.cpp`. */
import { type DeviceIdentity, isOlder } from '../../model/device/identity.ts';
import { objectIn, toldValue } from '../answer.ts';
import { chipIdOf } from '../whole-image/chip-id.ts';

const MEGABYTE = 1024 * 1024;
/** `opt`: updates over the air are built in. */
const HAS_UPDATES = 0x01;
/**
 * Since this version a half upload is thrown away with its connection. Of the builds of 0.16 before its release some do
 * so and some do not.
 */
const CLEANS_UP = [0, 15, 2] as const;
const UNSURE = /^0\.16\b/;

/** Null where the answer is not a lamp's. */
export function readInfo(json: unknown): DeviceIdentity | null {
  const info = objectIn(json);
  if (info?.['brand'] !== 'WLED') return null;
  const version = toldValue(info['ver']);
  const arch = toldValue(info['arch']);
  const flash = count(info['flash']);
  const uptime = count(info['uptime']);
  const options = count(info['opt']);
  return {
    product: 'WLED',
    name: toldValue(info['name']),
    version,
    release: toldValue(info['release']),
    build: toldValue(info['vid']),
    chipId: arch === null ? null : chipIdOf(arch),
    chip: arch,
    flashBytes: flash === null || flash === 0 ? null : flash * MEGABYTE,
    uptimeMs: uptime === null ? null : uptime * 1000,
    takesUpdates: options === null ? null : (options & HAS_UPDATES) !== 0,
    keepsHalf: version === null || UNSURE.test(version) || !/^\d+\.\d+/.test(version) || isOlder(version, CLEANS_UP),
  };
}

function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}
