/** Simulated Tasmota plugs on real sockets. Node only. */
import { realisticCosts } from '../clock.ts';
import type { TasmotaOptions } from '../tasmota/options.ts';
import { SimulatedTasmota } from '../tasmota/simulated-tasmota.ts';
import type { ShelfMember } from './shelf-member.ts';
import { serveWhole, serveWholeSomewhere, type ServedWhole } from './whole-server.ts';

/** Rejects with Node's error where the port cannot be had. `port` 0: any free one. */
export function servePlug(
  plug: SimulatedTasmota,
  to: { readonly port: number; readonly host?: string },
): Promise<ServedWhole> {
  return serveWhole(plug, to);
}

/** The most frequent layout: an ESP32 with 4 MB, one partition for its app, and safeboot beside it. */
const USUAL = {
  ...{ name: 'Shelf plug', layout: 'safeboot', slotBytes: 2_949_120, programKilobytes: 1_930, password: 'shelf' },
} as const satisfies Partial<TasmotaOptions>;

/** @param orAnyPort whether it gets a free one where `port` is taken */
export async function startPlug(port: number, orAnyPort: boolean): Promise<ShelfMember> {
  const plug = new SimulatedTasmota({ ...USUAL, costs: realisticCosts });
  const served = await serveWholeSomewhere(plug, port, orAnyPort);
  const { name, password: token } = USUAL;
  return { name, what: 'Tasmota', user: 'admin', origin: served.origin, token, close: () => served.close() };
}
