/** Opens the link to a device that takes an image whole, known or found. Loaded when one is needed. */
import type { RequestOptions } from '../../model/device/link.ts';
import type { AskedOfHost, FoundWhole, WholeImageLink } from '../../model/device/whole-image-link.ts';
import type { WholeImageDialect } from '../../model/device/dialect.ts';
import { DEFAULT_PREFIX } from '../../model/device/address-reading.ts';
import { DEFAULT_TOKEN_HEADER } from '../../model/device/secrets/token-header.ts';
import type { UpdateErrorCode } from '../../model/update/error-codes.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import type { LinkDeps, LocalNetworkPermission } from '../link-deps.ts';
import type { World } from '../request.ts';
import type { DeviceTarget } from '../target.ts';
import { linkOf } from './links.ts';
import { EACH_MS, probeWhole } from './probes.ts';

/** What speaks for no other device, and is said again where it counts, in the words for this kind. */
const LEAVES_OPEN: ReadonlySet<UpdateErrorCode> = new Set<UpdateErrorCode>(['unauthorised', 'needs-host']);

/** Opens the link to a device whose dialect is known. Rejects where no such device answers there (`garbled`). */
export async function openWhole(
  dialect: WholeImageDialect,
  target: DeviceTarget,
  deps: LinkDeps,
  options: RequestOptions,
): Promise<WholeImageLink> {
  const link = await linkOf(dialect, target, deps);
  try {
    await link.identify(options);
  } catch (error) {
    if (!(error instanceof UpdateError) || !LEAVES_OPEN.has(error.code)) throw error;
  }
  return link;
}

/** Opens the link to a device of this kind that nobody knows yet; null: something else, or nobody. */
export async function findWhole(
  target: DeviceTarget,
  deps: LinkDeps,
  options: RequestOptions,
): Promise<WholeImageLink | null> {
  const found = await probeWhole(target, options, deps);
  if (found !== null && found !== 'nobody') return linkOf(found.dialect, target, deps);
  return findRaw(target, deps, options);
}

/** The same of the kinds that only a host can ask: by the page's host, or here, where this is one. */
export async function findRaw(
  target: DeviceTarget,
  deps: LinkDeps,
  options: RequestOptions,
): Promise<WholeImageLink | null> {
  const found =
    deps.onHost === undefined
      ? await byHost({ ...target, token: '', login: null }, deps, options)
      : await deps.onHost.find(target, deps, options);
  return found === null ? null : linkOf(found.dialect, { ...target, origin: found.origin ?? target.origin }, deps);
}

/** Nothing is known of it. */
const NOT_SAVED = {
  prefix: DEFAULT_PREFIX,
  protocol: 'automatic',
  dialect: null,
  tokenHeader: DEFAULT_TOKEN_HEADER,
  token: '',
} as const;

/** Asks a device that is not saved yet what it is: by the gateway, where there is one, else straight. */
export async function probeWholeByAnyRoute(
  origin: string,
  gateway: string | null,
  signal: AbortSignal,
  deps: World & Pick<LinkDeps, 'askHost'> & { readonly permission: () => Promise<LocalNetworkPermission> },
): Promise<FoundWhole | 'nobody' | null> {
  // Nothing of these is used: what is asked carries no token.
  const target = { ...NOT_SAVED, origin, prefix: '' } as const;
  const options = { signal, timeoutMs: EACH_MS };
  if (gateway !== null) {
    const found = await probeWhole({ ...target, viaGateway: gateway }, options, deps);
    // Where nobody says anything, the host would wait for nothing once more. It asks when the page has its answer: one at a time.
    return found ?? (await byHost({ ...NOT_SAVED, origin }, deps, options));
  }
  const permission = await deps.permission();
  // The browser's question belongs to a tap, with a word before it; and where it said no, nothing is sent.
  return permission === 'prompt' || permission === 'denied' ? null : probeWhole(target, options, deps);
}

/** Null where there is no host, or it finds none of those that only it can ask. Rejects with `aborted` only. */
async function byHost(
  target: AskedOfHost,
  { askHost }: Pick<LinkDeps, 'askHost'>,
  options: RequestOptions,
): Promise<FoundWhole | null> {
  try {
    return (await askHost?.(target, options)) ?? null;
  } catch (error) {
    if (!(error instanceof UpdateError) || options.signal.aborted) throw error;
    return null;
  }
}
