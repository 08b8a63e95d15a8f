import { resolve } from 'node:path';
import type { HostOptions } from '../src/host/serve/serve.ts';

/** The host with the built page and nothing else: no simulated device, no LAN, nothing kept. */
export const PAGE_ALONE: HostOptions = {
  appDir: resolve('dist/app'),
  port: 0,
  simulate: { count: 0, port: 0 },
  lan: null,
  dataDir: null,
  logLevel: 'error',
};
