/** Opens the link to a device that takes an image whole, known or found. Loaded when one is needed. */
import type { RequestOptions } from '../../model/device/link.ts';
import type { FoundWhole, WholeImageLink } from '../../model/device/whole-image-link.ts';
import type { WholeImageDialect } from '../../model/device/dialect.ts';
import type { LinkDeps, LocalNetworkPermission } from '../detect.ts';
import type { World } from '../request.ts';
import type { DeviceTarget } from '../target.ts';
import { linkOf } from './links.ts';
import { probeWhole } from './probes.ts';

/** Opens the link to a device whose dialect is known. Rejects where no such device answers there (`garbled`). */
export async function openWhole(
  dialect: WholeImageDialect,
  target: DeviceTarget,
  deps: LinkDeps,
  options: RequestOptions,
): Promise<WholeImageLink> {
  const link = await linkOf(dialect, target, deps);
  await link.identify(options);
  return link;
}

/** Opens the link to a device of this kind that nobody knows yet; null: something else, or nobody. */
export async function findWhole(
  target: DeviceTarget,
  deps: LinkDeps,
  options: RequestOptions,
): Promise<WholeImageLink | null> {
  const found = await probeWhole(target, options, deps);
  return found === null || found === 'nobody' ? null : linkOf(found.dialect, target, deps);
}

/** Asks a device that is not saved yet what it is: by the gateway, where there is one, else straight. */
export async function probeWholeByAnyRoute(
  origin: string,
  gateway: string | null,
  signal: AbortSignal,
  deps: World & { readonly permission: () => Promise<LocalNetworkPermission> },
): Promise<FoundWhole | 'nobody' | null> {
  // Nothing of these is used: what is asked carries no token.
  const target = { origin, prefix: '', protocol: 'automatic', dialect: null, tokenHeader: '', token: '' } as const;
  const options = { signal, timeoutMs: Infinity };
  if (gateway !== null) return probeWhole({ ...target, viaGateway: gateway }, options, deps);
  const permission = await deps.permission();
  // The browser's question belongs to a tap, with a word before it; and where it said no, nothing is sent.
  return permission === 'prompt' || permission === 'denied' ? null : probeWhole(target, options, deps);
}
