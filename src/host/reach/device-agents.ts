/** Connections from the gateway to devices: kept alive, few per device, to checked addresses only. */
import { Agent as HttpAgent, type ClientRequestArgs } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { checkIdentity } from './device-identity.ts';
import type { CertificatePins } from './certificate-pins.ts';

/** Opens a TCP connection to an address (never a name). Injected in tests, so that no packet leaves the machine. */
export type Connect = (address: string, port: number) => Socket;

/** Without delay: the last piece of a chunk must not wait until the device has confirmed the ones before it. */
export const systemConnect: Connect = (address, port) => connectTcp({ host: address, port, noDelay: true });

/** A device at the edge of the Wi-Fi takes seconds for a handshake, and an ESP32 some more for TLS. */
const CONNECT_MS = 10_000;
/**
 * Devices close a connection that was idle for 10 s, and for 5 s where it was never used. Ours goes first, so that no
 * request runs into the closing.
 */
const IDLE_MS = 4_000;
/** One update has one request in flight; the second is for a status or an abort beside it. Devices have 24 in all. */
export const PER_DEVICE = 2;
/** More devices at once than a rollout takes, and a bound on sockets. */
const IN_ALL = 128;

/** How the host keeps connections to devices. After 16 requests a device closes one by itself, and says so. */
export const KEPT = { keepAlive: true, timeout: IDLE_MS, maxSockets: PER_DEVICE, maxTotalSockets: IN_ALL };

/** Why a connection came to nothing, where it is not a plain network error. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
  readonly code: 'silent' | 'certificate-changed';

  constructor(code: 'silent' | 'certificate-changed') {
    super(code);
    this.code = code;
  }
}

type OnCreate = (error: Error | null, stream: Duplex) => void;

/** Hands over `stream` at `ready`, or the error, once; after `CONNECT_MS` gives up. */
function handOver(stream: Duplex, ready: string, judge: () => ConnectError | null, done: OnCreate): void {
  const finish = (error: Error | null): void => {
    clearTimeout(timer);
    stream.off('error', finish);
    if (error !== null && !stream.destroyed) stream.destroy();
    done(error, stream);
  };
  const timer = setTimeout(() => {
    // The socket's own complaint about its end comes too late to matter.
    stream.on('error', () => undefined);
    finish(new ConnectError('silent'));
  }, CONNECT_MS);
  stream.once('error', finish);
  stream.once(ready, () => finish(judge()));
}

class PlainAgent extends HttpAgent {
  readonly #connect: Connect;

  constructor(connect: Connect) {
    super(KEPT);
    this.#connect = connect;
  }

  override createConnection(options: ClientRequestArgs, callback?: OnCreate): undefined {
    const socket = this.#connect(String(options.host), Number(options.port));
    handOver(socket, 'connect', () => null, callback ?? (() => undefined));
  }
}

/** A certificate, and all that its device is called by: "name:port" where it was called by a name, then "address:port". */
interface Shown {
  readonly places: readonly string[];
  readonly fingerprint: string;
}

class SecureAgent extends HttpsAgent {
  readonly #connect: Connect;
  readonly #pins: CertificatePins;
  /** Connections with a certificate that is no authority's, and whose it is. */
  readonly #shown = new WeakMap<Duplex, Shown>();

  constructor(connect: Connect, pins: CertificatePins) {
    // Sessions are not resumed: then every connection shows its certificate.
    super({ ...KEPT, maxCachedSessions: 0 });
    this.#connect = connect;
    this.#pins = pins;
  }

  /** The request is written only after the certificate was judged: a stranger never sees the token. */
  override createConnection(options: ClientRequestArgs & { servername?: string }, callback?: OnCreate): undefined {
    const [address, port] = [String(options.host), Number(options.port)];
    const name = options.servername ?? '';
    const called = isIP(name) === 0 ? [name, address] : [address];
    const plain = this.#connect(address, port);
    const socket = connectTls({
      socket: plain,
      // A device that is called by its address has to prove that address: without this option Node checks for
      // "localhost".
      host: address,
      ...(isIP(name) === 0 ? { servername: name } : {}),
      checkServerIdentity: checkIdentity,
      // Devices sign their certificates themselves; `CertificatePins` judges instead.
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
    });
    plain.on('error', (error) => socket.destroy(error));
    const judge = (): ConnectError | null => {
      if (socket.authorized) return null;
      const places = called.map((each) => `${each}:${port}`);
      const shown = { places, fingerprint: socket.getPeerCertificate().fingerprint256 };
      if (!this.#allows(shown)) return new ConnectError('certificate-changed');
      this.#shown.set(socket, shown);
      return null;
    };
    handOver(socket, 'secureConnect', judge, callback ?? (() => undefined));
  }

  /** A device did what it was asked on this connection: from now on its place is known by the certificate it showed. */
  remember(socket: Duplex): void {
    const shown = this.#shown.get(socket);
    if (shown === undefined) return;
    // Another certificate may have been remembered since this one was judged.
    if (!this.#allows(shown)) socket.destroy();
    // What an address was seen with stays: a device that is known by its name may have got another's address since.
    else for (const place of shown.places) this.#pins.keep(place, shown.fingerprint);
  }

  /**
   * One device has one certificate, however it is called. Its name goes first, since addresses move from device to device;
   * a name that is new is judged by the address that it stands for.
   */
  #allows({ places, fingerprint }: Shown): boolean {
    const known = places.find((place) => this.#pins.knows(place));
    return known === undefined || this.#pins.allows(known, fingerprint);
  }
}

export interface DeviceAgents {
  readonly http: HttpAgent;
  readonly https: SecureAgent;
}

export function deviceAgents(connect: Connect, pins: CertificatePins): DeviceAgents {
  return { http: new PlainAgent(connect), https: new SecureAgent(connect, pins) };
}
