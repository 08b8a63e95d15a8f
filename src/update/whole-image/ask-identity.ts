/** Asks a device that takes an image whole what it is. */
import type { DeviceIdentity } from '../../model/device/identity.ts';
import type { RequestOptions } from '../../model/device/link.ts';
import type { WholeRun } from './whole-run.ts';

export async function askIdentity(run: WholeRun, timeoutMs: number): Promise<DeviceIdentity> {
  const identity = await run.parts.link.identify(requestOptions(run, timeoutMs));
  run.hear(identity);
  run.parts.ports.toldIdentity?.(identity);
  return identity;
}

export function requestOptions(run: WholeRun, timeoutMs: number): RequestOptions {
  return { signal: run.parts.controls.cancelled, timeoutMs };
}
