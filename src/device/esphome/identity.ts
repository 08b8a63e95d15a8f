/** What an ESPHome device is, from what it tells in its two ways: the native API, and mDNS. */
import { ESP8266 } from '../../model/firmware/chips.ts';
import type { DeviceIdentity } from '../../model/device/identity.ts';
import type { Announced } from '../../model/device/raw-connection.ts';
import { toldText } from '../answer.ts';
import type { ToldByApi } from './native-api.ts';

/**
 * @param api null: it told nothing there
 * @param announced as `_esphomelib._tcp` has it; null: nothing was heard of it
 */
export function identityOf(api: ToldByApi | null, announced: Announced | null): DeviceIdentity {
  const version = toldText(api?.version) ?? toldText(announced?.['version']);
  const node = nodeOf(
    toldText(api?.name) ?? toldText(announced?.['name']),
    toldText(api?.mac) ?? toldText(announced?.['mac']),
  );
  const chip = toldText(announced?.['platform']);
  return {
    product: 'ESPHome',
    name: toldText(api?.friendlyName) ?? toldText(announced?.['friendly_name']) ?? node,
    node,
    version,
    release: projectOf(
      toldText(api?.project ?? announced?.['project_name']),
      toldText(api?.projectVersion ?? announced?.['project_version']),
    ),
    build: toldText(api?.compiledAt),
    config: toldText(announced?.['config_hash']),
    ...{ chipId: chipIdOf(chip), chip, flashBytes: null, uptimeMs: null },
    // Only an upload shows whether it does: a question at that port would count as a failed update.
    takesUpdates: null,
    keepsHalf: false,
  };
}

/** The project and its version, as its files have them. */
function projectOf(name: string | null, version: string | null): string | null {
  return name === null || version === null ? null : `${name} ${version}`;
}

/** The name that its firmware was built with: some add the end of their MAC address to it. */
function nodeOf(name: string | null, mac: string | null): string | null {
  const end = mac?.replaceAll(':', '').toLowerCase().slice(-6) ?? '';
  return name !== null && end !== '' && name.endsWith(`-${end}`) ? name.slice(0, -end.length - 1) : name;
}

/** It says "ESP32" of each chip of that family, so that only the ESP8266 is known by it. */
function chipIdOf(platform: string | null): number | null {
  return platform === ESP8266.name ? ESP8266.id : null;
}
