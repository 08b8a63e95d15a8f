/** A simulated device with PrettyOTA on a real socket. Node only. */
import { realisticCosts } from '../clock.ts';
import { SimulatedPretty } from '../pretty-ota/simulated-pretty.ts';
import type { ShelfMember } from './shelf-member.ts';
import { serveWholeSomewhere } from './whole-server.ts';

const LOGIN = { user: 'admin', password: 'shelf' } as const;

/**
 * Starts a usual device, with a login.
 *
 * @param orAnyPort whether it gets a free port where `port` is taken
 */
export async function startPretty(port: number, orAnyPort: boolean): Promise<ShelfMember> {
  const device = new SimulatedPretty({ login: LOGIN, costs: realisticCosts });
  const served = await serveWholeSomewhere(device, port, orAnyPort);
  const { user, password: token } = LOGIN;
  return {
    ...{ name: device.options.name, what: 'PrettyOTA', user, origin: served.origin, token },
    close: () => served.close(),
  };
}
