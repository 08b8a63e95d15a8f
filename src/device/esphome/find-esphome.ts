/** Finds out whether an ESPHome device is at an address that nobody knows. Only a host can. */
import { DEFAULT_PORT } from '../../model/device/address-reading.ts';
import type { RequestOptions } from '../../model/device/link.ts';
import type { FoundWhole } from '../../model/device/whole-image-link.ts';
import type { LinkDeps } from '../detect.ts';
import type { DeviceTarget } from '../target.ts';
import { EsphomeLink } from './esphome-link.ts';
import { esphomePort, isEsphomePort } from './ports.ts';

/** What an address has that names none: the web's own, and ViperHTTP's. */
const OTHERS_PORTS: ReadonlySet<string> = new Set(['', String(DEFAULT_PORT)]);

/**
 * Its API and what it announces are asked, which disturbs nobody, whatever port was typed. Where it tells neither, and only
 * where its port was typed, it is greeted there. Null: nothing shows one. Rejects with `aborted` only.
 */
export async function findEsphome(
  target: DeviceTarget,
  deps: LinkDeps,
  options: RequestOptions,
): Promise<FoundWhole | null> {
  try {
    const isTyped = isEsphomePort(target.origin);
    const link = new EsphomeLink(target, deps);
    const identity = isTyped ? await link.identify(options) : await link.told(options);
    if (identity === null) return null;
    const { protocol, hostname, port } = new URL(target.origin);
    // A port that others have, or none, was not meant for its updates.
    const isOthers = !isTyped && OTHERS_PORTS.has(port);
    const origin = isOthers ? `${protocol}//${hostname}:${esphomePort(identity.chip)}` : target.origin;
    return { dialect: 'esphome', identity, origin };
  } catch (error) {
    if (options.signal.aborted) throw error;
    return null;
  }
}
