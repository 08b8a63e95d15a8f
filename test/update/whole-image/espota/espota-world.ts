/** A host and a sketch with ArduinoOTA in one process, under a fake clock. */
import type { RawConnection, RawWays } from '../../../../src/model/device/raw-connection.ts';
import { type Connection, pair } from '../../../../src/simulator/esphome/connection.ts';
import type { EspotaOptions } from '../../../../src/simulator/espota/options.ts';
import { SimulatedEspota } from '../../../../src/simulator/espota/simulated-espota.ts';
import { formImage } from '../../../../src/simulator/forms/options.ts';
import { ConnectionDropped } from '../../../../src/simulator/power.ts';
import type { LoggedRequest } from '../../../../src/simulator/request-log.ts';
import { FakeClock } from '../../scripted/fake-clock.ts';
import { RawWorld, type Sockets } from '../raw-world.ts';
import { IMAGE_BYTES, SentBuilds } from '../whole-world.ts';

/** The device speaks no HTTP. */
class RawDevice extends SimulatedEspota {
  readonly requests: readonly LoggedRequest[] = [];

  handle(): Promise<Response> {
    return Promise.reject(new ConnectionDropped());
  }
}

export interface EspotaWorldOptions extends Partial<EspotaOptions> {
  readonly image?: Uint8Array<ArrayBuffer>;
  /** Empty or absent: none is saved. */
  readonly token?: string;
  readonly random?: () => number;
}

export class EspotaWorld extends RawWorld<RawDevice> {
  constructor(options: EspotaWorldOptions = {}) {
    const { image = formImage(IMAGE_BYTES, '', 11), token = '', random = () => 0.5, ...given } = options;
    const clock = new FakeClock();
    const builds = new SentBuilds(image);
    const { isWhole } = builds;
    // An ESP8266 checks nothing, and cannot start a damaged image either.
    const boots = given.chip === 'ESP8266' ? isWhole : () => true;
    const there = new RawDevice({ clock, isWhole, boots, ...given });
    super(clock, there, builds, {
      ...{ dialect: 'espota', token, random, tellsSent: true, inspection: {} },
      // The device does not tell its chip.
      plan: { overruled: ['chip-untold'] },
      waysTo: (sockets) => waysTo(there, sockets),
    });
  }

  override next(): void {
    this.sendNext(formImage(IMAGE_BYTES, '', 13), {});
  }

  get uploads(): number {
    return this.device.updates.length;
  }
}

/** As the host's own sockets. */
function waysTo(device: RawDevice, { open, isUp }: Sockets): RawWays {
  let taken: ((connection: Connection) => void) | null = null;
  return {
    connect: () => Promise.reject(new ConnectionDropped()),
    announced: (_origin, _signal, service) =>
      Promise.resolve(isUp() && service === 'arduino' ? device.announced(3232) : null),
    invite: {
      isThere: (_origin, _port, signal) => {
        if (isUp() && !device.away) return Promise.resolve(true);
        // Nothing answers.
        return new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(new ConnectionDropped()), { once: true }),
        );
      },
      ask: (_origin, _port, line, signal) =>
        new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => reject(new ConnectionDropped()), { once: true });
          if (!isUp()) return;
          const connect = (): Promise<Connection | null> => {
            const { client, device: end } = pair();
            if (taken === null) return Promise.resolve(null);
            taken(client);
            return Promise.resolve(end);
          };
          void device.hear(line, { answer: resolve, connect });
        }),
      listen: (_origin, _port, signal) => {
        const connected = new Promise<RawConnection>((resolve, reject) => {
          signal.addEventListener('abort', () => reject(new ConnectionDropped()), { once: true });
          taken = (client) => {
            signal.addEventListener('abort', () => client.close(), { once: true });
            open.add(client);
            resolve(client);
          };
        });
        connected.catch(() => undefined);
        return Promise.resolve({
          ...{ port: 40_000, connected },
          close: () => {
            taken = null;
            for (const connection of open) connection.close();
            open.clear();
          },
        });
      },
    },
  };
}
