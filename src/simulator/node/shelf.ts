/** The shelf: a simulated device of each kind that takes an image whole. Node only. */
import { startEsphome, startEsphomeWeb } from './esphome-server.ts';
import { startEspota } from './espota-server.ts';
import { START_FORMS } from './forms-server.ts';
import { startOpenbeken } from './openbeken-server.ts';
import { startPretty } from './pretty-server.ts';
import { startPlug } from './tasmota-server.ts';
import { startLamp } from './wled-server.ts';
import type { ShelfMember } from './shelf-member.ts';

/** One of each kind, in the order of their ports. */
const KINDS: readonly ((port: number, orAnyPort: boolean) => Promise<ShelfMember>)[] = [
  startLamp,
  startPlug,
  startEsphome,
  startEsphomeWeb,
  ...START_FORMS,
  startEspota,
  startPretty,
  startOpenbeken,
];

/**
 * Starts them from `port` on (0: any free ports). Rejects with Node's error where a port is taken; then none keeps
 * running.
 */
export async function startShelf(port: number, orAnyPort: boolean): Promise<readonly ShelfMember[]> {
  const members: ShelfMember[] = [];
  try {
    for (const [at, start] of KINDS.entries()) members.push(await start(port === 0 ? 0 : port + at, orAnyPort));
    return members;
  } catch (error) {
    await Promise.all(members.map((member) => member.close()));
    throw error;
  }
}
