/** Hosts, and clients that ask them: a page on this machine, and phones on the LAN. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostOptions } from '../../../src/host/serve/serve.ts';
import { call, LAN_ADDRESS, type Answer, type Call, type TestHost } from '../test-host.ts';
import { hostOf, useClosing } from '../closing.ts';

/** Returns a function that starts a host. Each host stops after its test. */
export function useHosts(): (options?: Partial<HostOptions>) => Promise<TestHost> {
  const closing = useClosing();
  return (options) => hostOf(closing, options);
}

/** The options of a host that is to be on the LAN. */
export const lanOf = (addresses: () => readonly string[] = () => [LAN_ADDRESS]): HostOptions['lan'] => ({
  ...{ port: 0, addresses, names: ['bench', 'bench.local'], now: () => Date.now() },
});

export const get = ({ port }: TestHost, path: string, more: Partial<Call> = {}): Promise<Answer> =>
  call({ port, path, ...more });

/** A request of a phone to the plain-http page. */
export const fromPhone = (host: TestHost, path: string, more: Partial<Call> = {}): Promise<Answer> =>
  get(host, path, {
    address: LAN_ADDRESS,
    ...more,
    headers: { host: `${LAN_ADDRESS}:${host.port}`, ...more.headers },
  });

/** A request of a phone that trusts the authority. */
export async function fromTrustingPhone(host: TestHost, path: string): Promise<Answer> {
  const url = new URL(host.host.lan()?.secure[0] ?? '');
  const ca = readFileSync(join(host.dataDir, 'authority-and-key.pem'), 'utf8');
  return call({ address: LAN_ADDRESS, port: Number(url.port), path, ca, headers: { host: url.host } });
}
