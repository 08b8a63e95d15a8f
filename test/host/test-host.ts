/** A host on loopback for one test: a page of two files, an injected network, raw requests. */
import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { request as secureRequest } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OwnAddress } from '../../src/host/gateway/on-link.ts';
import { TLSSocket } from 'node:tls';
import { startHost, type Host, type HostOptions } from '../../src/host/serve/serve.ts';

/** Stands for an address on the LAN; a second loopback address, so that nothing leaves the machine. */
export const LAN_ADDRESS = '127.0.0.2';

/** The network of that address, and one of devices at the same interface. */
export const LAN_NETWORKS: readonly OwnAddress[] = [
  { on: 'lan', address: LAN_ADDRESS, networkBits: 8, zone: 'lan' },
  { on: 'lan', address: '10.0.0.254', networkBits: 24, zone: 'lan' },
];

export interface TestHost {
  readonly host: Host;
  readonly port: number;
  readonly dataDir: string;
  /** Every line that was logged. */
  readonly log: readonly string[];
  /** Resolves once a line with this text was logged: what is logged of an end may come after the end is told. */
  logged(text: string): Promise<void>;
  /** Every sentence that people were told. */
  readonly notices: readonly string[];
  stop(): Promise<void>;
}

export async function testHost(options: Partial<HostOptions> = {}): Promise<TestHost> {
  const scratch = mkdtempSync(join(tmpdir(), 'moult-host-'));
  const appDir = join(scratch, 'app');
  const dataDir = join(scratch, 'data');
  mkdirSync(join(appDir, 'assets'), { recursive: true });
  writeFileSync(join(appDir, 'index.html'), '<!doctype html><title>Moult</title>');
  const script = join(appDir, 'assets', 'app-1234.js');
  writeFileSync(script, 'export {};');
  // No browser unpacks them here.
  for (const packed of ['br', 'gz']) writeFileSync(`${script}.${packed}`, packed);
  const log: string[] = [];
  const waiting = new Set<() => void>();
  const notices: string[] = [];
  const host = await startHost({
    appDir,
    port: 0,
    simulate: { count: 0, port: 0 },
    lan: null,
    dataDir,
    logLevel: 'info',
    logTo: {
      write: (line) => {
        log.push(line);
        for (const look of waiting) look();
      },
    },
    notice: (sentence) => notices.push(sentence),
    // No test may reach further than loopback, whatever it asks for.
    resolve: () => Promise.resolve([]),
    connect: (address, port) => {
      if (!address.startsWith('127.')) throw new Error(`a test tried to connect to ${address}`);
      return connect({ host: address, port });
    },
    ownAddresses: () => LAN_NETWORKS,
    discover: () => Promise.resolve([]),
    ...options,
  });
  return {
    host,
    port: Number(new URL(host.url).port),
    dataDir,
    log,
    logged: (text) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!log.some((line) => line.includes(text))) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    notices,
    stop: async () => {
      await host.stop();
      rmSync(scratch, { recursive: true });
    },
  };
}

export interface Call {
  readonly address?: string;
  readonly port: number;
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** PEM of the authority whose certificate is expected: makes it https. */
  readonly ca?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Sends exactly what it is told, as no browser and no `fetch` would. */
export function call({
  address = '127.0.0.1',
  port,
  method = 'GET',
  path,
  headers = {},
  body,
  ca,
}: Call): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const send = ca === undefined ? request : secureRequest;
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const outgoing = send(
      {
        host: address,
        port,
        method,
        path,
        headers: { host: `localhost:${port}`, ...length, ...headers },
        agent: false,
        // It vouches for no loopback address. What it does vouch for is tested in authority.node.test.ts.
        ...(ca === undefined ? {} : { rejectUnauthorized: false }),
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(parts).toString('utf8'),
          }),
        );
      },
    );
    outgoing.on('error', reject);
    if (ca !== undefined) {
      outgoing.once('socket', (socket) => {
        if (!(socket instanceof TLSSocket)) throw new Error('no TLS');
        socket.once('secureConnect', () => {
          const shown = new X509Certificate(socket.getPeerCertificate().raw);
          if (!shown.verify(new X509Certificate(ca).publicKey)) outgoing.destroy(new Error('of another authority'));
        });
      });
    }
    outgoing.end(body);
  });
}

/** Sends bytes as they are and reads until the other side hangs up. */
export function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('data', (part) => (answer += part.toString('latin1')));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
    socket.write(text);
  });
}
