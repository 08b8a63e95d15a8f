/** A simulated WLED lamp on a real socket. Node only. */
import { realisticCosts } from '../clock.ts';
import { SimulatedWled } from '../wled/simulated-wled.ts';
import type { ShelfMember } from './shelf-member.ts';
import { serveWhole, serveWholeSomewhere, type ServedWhole } from './whole-server.ts';

/** Rejects with Node's error where the port cannot be had. `port` 0: any free one. */
export function serveLamp(
  lamp: SimulatedWled,
  to: { readonly port: number; readonly host?: string },
): Promise<ServedWhole> {
  return serveWhole(lamp, to);
}

/**
 * Starts a usual lamp, without a PIN.
 *
 * @param orAnyPort whether it gets a free port where `port` is taken
 */
export async function startLamp(port: number, orAnyPort: boolean): Promise<ShelfMember> {
  const lamp = new SimulatedWled({ costs: realisticCosts });
  const served = await serveWholeSomewhere(lamp, port, orAnyPort);
  return { name: lamp.options.name, what: 'WLED', origin: served.origin, token: '', close: () => served.close() };
}
