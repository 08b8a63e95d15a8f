/** Opens the link to a device that takes an image whole, known or found. Loaded when one is needed. */
import type { RequestOptions } from '../../model/device/link.ts';
import type { AskedOfHost, FoundWhole, WholeImageLink } from '../../model/device/whole-image-link.ts';
import type { WholeImageDialect } from '../../model/device/dialect.ts';
import { DEFAULT_PREFIX } from '../../model/device/address-reading.ts';
import { DEFAULT_TOKEN_HEADER } from '../../model/device/secrets/token-header.ts';
import type { UpdateErrorCode } from '../../model/update/error-codes.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import type { LinkDeps, LocalNetworkPermission } from '../link-deps.ts';
import type { RequestDeps } from '../request.ts';
import type { DeviceTarget } from '../target.ts';
import { linkOf } from './links.ts';
import { EACH_MS, probeWhole } from './probes.ts';

/** Codes that do not mean that another device is there. The next request reports them again. */
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

/**
 * Opens the link to a device of unknown dialect, where it takes an image whole; null: something else is there, or
 * nothing.
 */
export async function findWhole(
  target: DeviceTarget,
  deps: LinkDeps,
  options: RequestOptions,
): Promise<WholeImageLink | null> {
  const found = await probeWhole(target, options, deps);
  if (found !== null && found !== 'nobody') return linkOf(found.dialect, target, deps);
  return findRaw(target, deps, options);
}

/** The same for the kinds that only a host can ask: by the page's host, or here, where this runs in a host. */
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

/** A device of which nothing is known. */
const NOT_SAVED = {
  prefix: DEFAULT_PREFIX,
  protocol: 'automatic',
  dialect: null,
  tokenHeader: DEFAULT_TOKEN_HEADER,
  token: '',
} as const;

/** Asks a device that is not saved yet what it is: through the gateway, where there is one, else directly. */
export async function probeWholeByAnyRoute(
  origin: string,
  gateway: string | null,
  signal: AbortSignal,
  deps: RequestDeps & Pick<LinkDeps, 'askHost'> & { readonly permission: () => Promise<LocalNetworkPermission> },
): Promise<FoundWhole | 'nobody' | null> {
  // None of these is used: the questions carry no token.
  const target = { ...NOT_SAVED, origin, prefix: '' } as const;
  const options = { signal, timeoutMs: EACH_MS };
  if (gateway !== null) {
    const found = await probeWhole({ ...target, viaGateway: gateway }, options, deps);
    // The host asks only once the page has its answer, one at a time, and not where nothing answered: it would only
    // wait again.
    return found ?? (await byHost({ ...NOT_SAVED, origin }, deps, options));
  }
  const permission = await deps.permission();
  // The browser may only ask after a tap, once the person was told of it; and where it was denied, nothing is sent.
  return permission === 'prompt' || permission === 'denied' ? null : probeWhole(target, options, deps);
}

/** Null where there is no host, or it finds no device that only it can ask. Rejects with `aborted` only. */
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
