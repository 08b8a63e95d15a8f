/** A simulated OpenBeken device on a real socket. Node only. */
import { realisticCosts } from '../clock.ts';
import { SimulatedOpenbeken } from '../openbeken/simulated-openbeken.ts';
import type { ShelfMember } from './shelf-member.ts';
import { serveWholeSomewhere } from './whole-server.ts';

/**
 * Starts a usual device, without a password.
 *
 * @param orAnyPort whether it gets a free port where `port` is taken
 */
export async function startOpenbeken(port: number, orAnyPort: boolean): Promise<ShelfMember> {
  const device = new SimulatedOpenbeken({ costs: realisticCosts });
  const { origin, close } = await serveWholeSomewhere(device, port, orAnyPort);
  return { name: device.options.name, what: 'OpenBeken', origin, token: '', close };
}
