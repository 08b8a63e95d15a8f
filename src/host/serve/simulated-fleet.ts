/** The simulated devices that a host starts beside itself. */
import { startFleet, type FleetMember } from '../../simulator/node/fleet.ts';
import { asPrepared } from '../../simulator/server/cors.ts';
import { PortError } from './listeners.ts';
import { inUrl, LOCAL_NAMES } from './own-names.ts';

/** How many, and the first one's port (0: any free ones); `orAnyPort`: one whose port is taken gets a free one. */
export interface Simulate {
  readonly count: number;
  readonly port: number;
  readonly orAnyPort?: boolean;
}

/** Devices that the page of the host at `hostPort` may reach directly. Throws `PortError`; then none stays behind. */
export async function fleetOf(
  { count, port, orAnyPort = false }: Simulate,
  hostPort: number,
): Promise<readonly FleetMember[]> {
  const cors = asPrepared(LOCAL_NAMES.map((name) => `http://${inUrl(name)}:${hostPort}`));
  try {
    return await startFleet({ count, basePort: port, orAnyPort, device: { cors } });
  } catch (error) {
    throw PortError.from(error) ?? error;
  }
}
