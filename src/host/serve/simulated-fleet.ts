/** The simulated devices that a host starts beside itself. */
import type { SimulatedDevice } from '../../model/page/page-ports.ts';
import { startFleet, type FleetMember } from '../../simulator/node/fleet.ts';
import type { ShelfMember } from '../../simulator/node/shelf-member.ts';
import { startShelf } from '../../simulator/node/shelf.ts';
import { asPrepared } from '../../simulator/server/cors.ts';
import { PortError } from './listeners.ts';
import { inUrl, LOCAL_NAMES } from './own-names.ts';

/** How many, and the first one's port (0: any free ones); `orAnyPort`: one whose port is taken gets a free one. */
export interface Simulate {
  readonly count: number;
  readonly port: number;
  readonly orAnyPort?: boolean;
  /** One of each other kind beside them, on the ports after theirs. */
  readonly shelf?: boolean;
}

/** What the host needs to know of each. */
export type Simulated = Pick<FleetMember, 'name' | 'origin' | 'token' | 'close'> & Pick<ShelfMember, 'what' | 'user'>;

/** As the terminal lists it. */
export type ListedSimulated = SimulatedDevice & Pick<Simulated, 'what' | 'user'>;

export function listOf(fleet: readonly Simulated[]): readonly ListedSimulated[] {
  return fleet.map(({ name, origin, token, what, user }) => ({
    ...{ name, address: origin, token },
    ...(what === undefined ? {} : { what }),
    ...(user === undefined ? {} : { user }),
  }));
}

/** Devices that the page of the host at `hostPort` may reach directly. Throws `PortError`; then none stays behind. */
export async function fleetOf(
  { count, port, orAnyPort = false, shelf = false }: Simulate,
  hostPort: number,
): Promise<readonly Simulated[]> {
  const cors = asPrepared(LOCAL_NAMES.map((name) => `http://${inUrl(name)}:${hostPort}`));
  try {
    const fleet = await startFleet({ count, basePort: port, orAnyPort, device: { cors } });
    if (!shelf) return fleet;
    try {
      return [...fleet, ...(await startShelf(port === 0 ? 0 : port + count, orAnyPort))];
    } catch (error) {
      await Promise.all(fleet.map((member) => member.close()));
      throw error;
    }
  } catch (error) {
    throw PortError.from(error) ?? error;
  }
}
