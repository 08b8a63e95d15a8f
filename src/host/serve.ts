/** The host: the page, on this machine and on its LAN. */
import type { FastifyInstance } from 'fastify';
import { buildApp, type LogLevel } from './app.ts';
import { listen, type Listener } from './listeners.ts';
import { OwnHosts } from './own-hosts.ts';

export interface HostOptions {
  readonly appDir: string;
  /** http port; 0 takes a free one. */
  readonly port: number;
  readonly logLevel: LogLevel;
}

export interface Host {
  /** "http://localhost:4173" */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the host. Throws `PortError` where a port cannot be had. */
export async function startHost(options: HostOptions): Promise<Host> {
  const hosts = new OwnHosts();
  const app = await buildApp({
    appDir: options.appDir,
    hosts,
    logLevel: options.logLevel,
    routes: (routes: FastifyInstance) => {
      routes.get('/', async (_request, reply) => reply.sendFile('index.html'));
    },
  });
  const handler = app.routing.bind(app);
  const listeners: Listener[] = [];
  const first = await listen({ place: 'here', address: '127.0.0.1', port: options.port, handler });
  if (first === null) throw new Error('this machine has no loopback');
  listeners.push(first);
  // Browsers try IPv6 first for "localhost"; not every machine has it.
  const second = await listen({ place: 'here', address: '::1', port: first.port, handler });
  if (second !== null) listeners.push(second);
  return {
    url: `http://localhost:${first.port}`,
    stop: async () => {
      await Promise.all(listeners.map((listener) => listener.close()));
      await app.close();
    },
  };
}
