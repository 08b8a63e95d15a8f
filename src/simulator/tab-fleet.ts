/**
 * A few simulated devices for one tab of a browser, each of which shows another outcome of an update. Knows no runtime.
 */
import { DEFAULT_DOCS } from './viperhttp/auto-docs.ts';
import { realisticCosts } from './clock.ts';
import { fetchFrom } from './device-fetch.ts';
import type { FaultScript } from './faults.ts';
import { newToken } from './new-token.ts';
import { DEFAULTS, type DeviceOptions } from './options.ts';
import { sampleFirmware } from './sample-firmware.ts';
import { SimulatedDevice } from './simulated-device.ts';

export interface TabFleet {
  readonly members: readonly TabMember[];
  /** Answers only for the members; for every other origin it rejects, as a network without that name does. */
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>;
  /** Firmware to send them. */
  readonly sample: () => Uint8Array<ArrayBuffer>;
}

export interface TabMember {
  readonly name: string;
  /** "kitchen-sensor.simulated.invalid:51234" */
  readonly address: string;
  readonly token: string;
  readonly device: SimulatedDevice;
}

/**
 * Ports that belong to no service (RFC 6335, section 6): the number distinguishes the devices of one tab from those of
 * another.
 */
const FIRST_FREE_PORT = 49_152;
const FREE_PORTS = 16_384;

/** About a third of the sample firmware: an update is well under way, and enough is left to see it go on. */
const MIDDLE_BYTES = 180_000;

/** How many requests in a row get no answer: with the page's backoff that takes some seconds. */
const LOST_REQUESTS = 4;

/** The names tell what to expect, for people who try the page for the first time. */
const KINDS: readonly Kind[] = [
  { name: 'Kitchen sensor (simulated)', host: 'kitchen-sensor' },
  { name: 'Cellar relay (simulated, bad Wi-Fi)', host: 'cellar-relay', fault: badWifi },
  {
    name: 'Attic lamp (simulated, rolls back)',
    host: 'attic-lamp',
    // Only the firmware that it had at first starts.
    boots: (image) => image.length === DEFAULTS.firmware.length,
  },
  {
    name: 'Garage meter (simulated, bad memory)',
    host: 'garage-meter',
    // What it hashes is then not what was sent.
    fault: () => (info) =>
      info.route === 'chunk' && (info.offset ?? 0) >= MIDDLE_BYTES ? { kind: 'corrupt', where: 'wire' } : null,
  },
];

interface Kind {
  readonly name: string;
  readonly host: string;
  readonly boots?: DeviceOptions['boots'];
  /** Made for each device, since it may have state. */
  readonly fault?: () => FaultScript;
}

/** @param options for every device, which override those given here */
export function tabFleet(options: Partial<DeviceOptions> = {}): TabFleet {
  const port = FIRST_FREE_PORT + ((crypto.getRandomValues(new Uint16Array(1))[0] ?? 0) % FREE_PORTS);
  const members = KINDS.map(({ name, host, boots = DEFAULTS.boots, fault }) => {
    const token = newToken();
    const docs = { ...DEFAULT_DOCS, title: name };
    const device = new SimulatedDevice({
      ...{ token, docs, boots, costs: realisticCosts, rollback: true },
      ...options,
    });
    device.fault = fault?.() ?? null;
    return { name, address: `${host}.simulated.invalid:${port}`, token, device };
  });
  const send = fetchFrom(new Map(members.map(({ address, device }) => [`http://${address}`, device])));
  return { members, fetch: (url, init) => send(url, init), sample: sampleFirmware };
}

/** In the middle of each update the connection is lost for a while. */
function badWifi(): FaultScript {
  let left = LOST_REQUESTS;
  return ({ route, offset }) => {
    if (route === 'begin') left = LOST_REQUESTS;
    if (left === 0 || offset === null || offset < MIDDLE_BYTES) return null;
    left -= 1;
    return { kind: 'drop', when: 'before' };
  };
}
