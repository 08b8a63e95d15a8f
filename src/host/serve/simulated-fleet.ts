/** The simulated devices that a host starts beside itself. */
import { startFleet, type FleetMember } from '../../simulator/node/fleet.ts';
import { startEsphome, startEsphomeWeb } from '../../simulator/node/esphome-server.ts';
import { startPlug } from '../../simulator/node/tasmota-server.ts';
import { startLamp } from '../../simulator/node/wled-server.ts';
import { asPrepared } from '../../simulator/server/cors.ts';
import { PortError } from './listeners.ts';
import { inUrl, LOCAL_NAMES } from './own-names.ts';

/** What stands beside them: each that Moult speaks to otherwise. */
const SHELF = [startLamp, startPlug, startEsphome, startEsphomeWeb];

/** How many, and the first one's port (0: any free ones); `orAnyPort`: one whose port is taken gets a free one. */
export interface Simulate {
  readonly count: number;
  readonly port: number;
  readonly orAnyPort?: boolean;
  /** One of each other kind beside them, on the ports after theirs. */
  readonly shelf?: boolean;
}

/** What the host needs to know of each. */
export type Simulated = Pick<FleetMember, 'name' | 'origin' | 'token' | 'close'>;

/** Devices that the page of the host at `hostPort` may reach directly. Throws `PortError`; then none stays behind. */
export async function fleetOf(
  { count, port, orAnyPort = false, shelf = false }: Simulate,
  hostPort: number,
): Promise<readonly Simulated[]> {
  const cors = asPrepared(LOCAL_NAMES.map((name) => `http://${inUrl(name)}:${hostPort}`));
  try {
    const fleet = await startFleet({ count, basePort: port, orAnyPort, device: { cors } });
    const members: Simulated[] = [...fleet];
    try {
      for (const start of shelf ? SHELF : [])
        members.push(await start(port === 0 ? 0 : port + members.length, orAnyPort));
      return members;
    } catch (error) {
      await Promise.all(members.map((member) => member.close()));
      throw error;
    }
  } catch (error) {
    throw PortError.from(error) ?? error;
  }
}
