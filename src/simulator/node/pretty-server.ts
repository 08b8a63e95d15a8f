/** A simulated device with PrettyOTA on a real socket. Node only. */
import { realisticCosts } from '../clock.ts';
import { SimulatedPretty } from '../pretty-ota/simulated-pretty.ts';
import { serveWholeSomewhere } from './whole-server.ts';

const LOGIN = { user: 'admin', password: 'shelf' } as const;

/** As people meet it, with a login. @param orAnyPort whether it gets a free one where `port` is taken */
export async function startPretty(
  port: number,
  orAnyPort: boolean,
): Promise<{ readonly name: string; readonly origin: string; readonly token: string; close(): Promise<void> }> {
  const device = new SimulatedPretty({ login: LOGIN, costs: realisticCosts });
  const served = await serveWholeSomewhere(device, port, orAnyPort);
  return { name: device.options.name, origin: served.origin, token: LOGIN.password, close: () => served.close() };
}
