/** Many simulated devices on real sockets, for `--simulate N`, demonstrations and journeys. Node only. */
import { DEFAULT_DOCS } from '../viperhttp/auto-docs.ts';
import { realisticCosts } from '../clock.ts';
import { asPrepared } from '../server/cors.ts';
import { serveDevice } from './node-server.ts';
import { serveSomewhere } from './listen.ts';
import { newToken } from '../new-token.ts';
import { SIMULATED_DIALECTS, type DeviceOptions, type SimulatedDialect } from '../options.ts';
import { SimulatedDevice } from '../simulated-device.ts';

export interface FleetOptions {
  readonly count: number;
  /** The first device's port, the others follow; 0: any free ones. */
  readonly basePort: number;
  /** Whether a device whose port is taken gets any free one instead. */
  readonly orAnyPort?: boolean;
  /** Default: this machine only. */
  readonly host?: string;
  /** Options for every device, which override those of the fleet. */
  readonly device?: Partial<DeviceOptions>;
}

export interface FleetMember {
  readonly name: string;
  readonly origin: string;
  /** 64 lower-case hex digits. */
  readonly token: string;
  readonly dialect: SimulatedDialect;
  readonly device: SimulatedDevice;
  close(): Promise<void>;
}

/** Whether an image can be marked valid: where it cannot, a device with rollback would always roll back. */
const MARKS_VALID: Readonly<Record<SimulatedDialect, boolean>> = { shipped: true, documented: false };

const PLACES = ['Kitchen', 'Hall', 'Cellar', 'Attic', 'Garage', 'Garden', 'Workshop', 'Office', 'Stairs', 'Porch'];
const THINGS = ['sensor', 'lamp', 'relay', 'meter'];

/** Starts the fleet. Rejects with Node's error where a port is taken; then none of its devices keeps running. */
export async function startFleet(options: FleetOptions): Promise<readonly FleetMember[]> {
  const members: FleetMember[] = [];
  try {
    for (let i = 0; i < options.count; i += 1) members.push(await startMember(i, options));
  } catch (error) {
    await Promise.all(members.map((member) => member.close()));
    throw error;
  }
  return members;
}

async function startMember(position: number, options: FleetOptions): Promise<FleetMember> {
  const dialect = SIMULATED_DIALECTS[position % SIMULATED_DIALECTS.length] ?? 'shipped';
  const token = newToken();
  const device = new SimulatedDevice({
    dialect,
    token,
    costs: realisticCosts,
    rollback: MARKS_VALID[dialect],
    // A page of another origin needs them on a real device, too.
    cors: asPrepared('*'),
    docs: { ...DEFAULT_DOCS, title: fleetName(position) },
    ...options.device,
  });
  const host = options.host === undefined ? {} : { host: options.host };
  const port = options.basePort === 0 ? 0 : options.basePort + position;
  const served = await serveSomewhere(
    (at) => serveDevice(device, { port: at, ...host }),
    port,
    options.orAnyPort === true,
  );
  return { name: fleetName(position), origin: served.origin, token, dialect, device, close: () => served.close() };
}

/** The same name for the same position, every time; no two alike. */
export function fleetName(position: number): string {
  const place = PLACES[position % PLACES.length] ?? '';
  const round = Math.floor(position / PLACES.length);
  const thing = THINGS[round % THINGS.length] ?? '';
  const lap = Math.floor(round / THINGS.length);
  return `${place} ${thing}${lap === 0 ? '' : ` ${lap + 1}`}`;
}
