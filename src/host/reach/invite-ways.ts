/** What Node has for a device that is invited by a datagram, and connects to whoever invited it. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, isIPv6, type AddressInfo, type Socket } from 'node:net';
import type { InviteWays, RawConnection, Listener } from '../../model/device/raw-connection.ts';
import { connectionOn } from './raw-connection.ts';

/** Of what a device answers: a word and a number of 64 digits. */
const LONGEST_ANSWER = 256;

/**
 * @param addressOf answers the device's address, where the host may speak to it at this port; rejects with the host's
 * refusal
 */
export function inviteWays(addressOf: (origin: string, port: number) => Promise<string>): InviteWays {
  return {
    ask: async (origin, port, line, signal) => asked(await addressOf(origin, port), port, line, signal),
    listen: async (origin, port, signal) => waitingFor(await addressOf(origin, port), signal),
    isThere: async (origin, port, signal) => isThere(await addressOf(origin, port), port, signal),
  };
}

async function asked(address: string, port: number, line: string, signal: AbortSignal): Promise<string> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  try {
    // Connected, it hears this device alone, and that nobody is at that port.
    socket.connect(port, address);
    await once(socket, 'connect', { signal });
    const heard = once(socket, 'message', { signal });
    socket.send(line);
    const [message] = (await heard) as [Buffer];
    return message.subarray(0, LONGEST_ANSWER).toString('latin1');
  } finally {
    socket.close();
  }
}

/** At a free port. What comes from other addresses is closed at once. */
async function waitingFor(address: string, signal: AbortSignal): Promise<Listener> {
  const server = createServer({ noDelay: true });
  const open: { connection: RawConnection | null } = { connection: null };
  const close = (): void => {
    server.close();
    open.connection?.close();
  };
  const connected = new Promise<RawConnection>((resolve, reject) => {
    server.on('connection', (socket: Socket) => {
      if (open.connection !== null || addressIn(socket) !== address) {
        socket.destroy();
        return;
      }
      open.connection = connectionOn(socket, signal);
      resolve(open.connection);
    });
    server.on('error', reject);
    const giveUp = (): void => {
      close();
      reject(new Error('given up'));
    };
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
  connected.catch(() => undefined); // Whoever waits for it has the error; nobody else wants it.
  server.listen(0, bindAddressFor(address));
  await once(server, 'listening', { signal });
  return { port: (server.address() as AddressInfo).port, connected, close };
}

/** Everywhere that the device may come from, and nowhere else. */
function bindAddressFor(address: string): string {
  if (isIPv6(address)) return '::';
  return address.startsWith('127.') ? '127.0.0.1' : '0.0.0.0';
}

function addressIn({ remoteAddress = '' }: Socket): string {
  return remoteAddress.replace(/^::ffff:/, '');
}

async function isThere(address: string, port: number, signal: AbortSignal): Promise<boolean> {
  const socket = connect({ host: address, port });
  try {
    await once(socket, 'connect', { signal });
    // Whoever accepts the connection is there, once it says something or closes.
    await Promise.race([once(socket, 'data', { signal }), once(socket, 'close', { signal })]);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    return code === 'ECONNREFUSED' || code === 'ECONNRESET';
  } finally {
    socket.destroy();
  }
}
