/** Finds out whether an ESPHome device is at an address of unknown kind. Only a host can. */
import { DEFAULT_PORT } from '../../model/device/address-reading.ts';
import { type DeviceIdentity, isOlder } from '../../model/device/identity.ts';
import type { RequestOptions } from '../../model/device/link.ts';
import type { FoundWhole } from '../../model/device/whole-image-link.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import type { LinkDeps } from '../link-deps.ts';
import { GatewaysOwn } from '../gateway-word.ts';
import { send } from '../request.ts';
import type { DeviceTarget } from '../target.ts';
import { findOpenbeken } from '../openbeken/openbeken-link.ts';
import { portOf } from '../raw-exchange.ts';
import { supervised } from '../supervision.ts';
import { EsphomeLink } from './esphome-link.ts';
import { greet } from './ota-wire.ts';
import { esphomePort, isEsphomePort } from './ports.ts';
import { askTold, toldIdentity } from './told.ts';
import { EsphomeWebLink } from './web-link.ts';

/** Ports that no ESPHome device takes updates at: the default of the scheme, and that of ViperHTTP. */
const WEB_PORTS: ReadonlySet<string> = new Set(['', String(DEFAULT_PORT)]);

/** The longest that an address without a web server may take, in milliseconds. */
const PAGE_MS = 1_500;
/** Since this version a connection that sends nothing is not counted as a failed update. */
const PROBE_IS_HARMLESS_SINCE = [2025, 10, 0] as const;

/**
 * Asks its API, what it announces, and its web page, which disturbs no device, whatever port was typed. Where the port
 * of its updates was typed, it is greeted there. Null: no ESPHome device was recognised. Rejects with `aborted` only.
 */
export async function findEsphome(
  target: DeviceTarget,
  deps: LinkDeps,
  options: RequestOptions,
): Promise<FoundWhole | null> {
  if (isEsphomePort(target.origin)) {
    const identity = await unlessAborted(new EsphomeLink(target, deps).identify(options), options);
    return identity === null ? null : { dialect: 'esphome', identity, origin: target.origin };
  }
  const { protocol, hostname, port } = new URL(target.origin);
  // A web port, or none, was meant neither for its updates nor for its page.
  const isWebPort = WEB_PORTS.has(port);
  const page = isWebPort ? `${protocol}//${hostname}` : target.origin;
  const limits = { ...options, timeoutMs: Math.min(PAGE_MS, options.timeoutMs) };
  // Its API and its page are two servers; each is asked once.
  const asked = askTold(target.origin, deps, limits);
  const [told, byPage] = await Promise.all([
    unlessAborted(asked, options),
    unlessAborted(new EsphomeWebLink({ ...target, origin: page }, deps).identify(limits, asked), options),
  ]);
  // A page has its version from the API: where it has none, the API belongs to another device.
  const isIts = byPage?.version !== null;
  const byApi = told === null || !isIts ? null : toldIdentity(told);
  const identity = byPage ?? byApi;
  if (identity === null) return null;
  const isItsPage = byPage !== null && page === target.origin;
  if (port !== '' && !isItsPage && (await isAnothers(target, deps, limits))) return null;
  const native =
    isWebPort || byPage !== null ? `${protocol}//${hostname}:${esphomePort(identity.chip)}` : target.origin;
  const isNative = byApi !== null && (byPage === null || (await takesUpdatesAt(native, byApi, deps, options)));
  return isNative
    ? { dialect: 'esphome', identity: byApi, origin: native }
    : { dialect: 'esphome-web', identity, origin: page };
}

/**
 * Whether another device is at the port that was typed, which shares the address with this one: behind one router, or
 * simulated on one machine. A web server is another device; so is one that takes a connection and stays silent, since a
 * port for updates refuses a request that it does not know. Where the connection fails, a web port may just be closed;
 * any other port was typed for the updates, and has to show that by a greeting.
 */
async function isAnothers(target: DeviceTarget, deps: LinkDeps, options: RequestOptions): Promise<boolean> {
  const question = { kind: 'identify', method: 'GET', route: '/', atRoot: true, credentials: 'none' } as const;
  try {
    await send(target, question, options, deps);
    return true;
  } catch (error) {
    if (options.signal.aborted || !(error instanceof UpdateError)) throw error;
    // Where the other side hangs up, the gateway itself says so, with a status of its own.
    if (error.cause instanceof GatewaysOwn && error.cause.code === 'not-http')
      // An OpenBeken device looks the same, since its first line is not HTTP, except where it is asked what it is.
      return (await unlessAborted(findOpenbeken(target, options, deps), options)) !== null;
    if (error.status !== null || error.code === 'silent') return true;
    return !WEB_PORTS.has(new URL(target.origin).port) && !(await isGreeted(target.origin, deps, options));
  }
}

async function isGreeted(origin: string, { raw, clock }: LinkDeps, options: RequestOptions): Promise<boolean> {
  if (raw === undefined) return false;
  const version = supervised(options, clock, async (watch) => {
    const connection = await watch.race(raw.connect(origin, portOf(origin), watch.signal));
    try {
      return await watch.race(greet(connection));
    } finally {
      connection.close();
    }
  });
  return (await unlessAborted(version, options)) !== null;
}

/**
 * Whether its port for updates is open. Older versions count such a probe as a failed update, and always have the port.
 */
async function takesUpdatesAt(
  origin: string,
  { version }: DeviceIdentity,
  { raw }: LinkDeps,
  { signal }: RequestOptions,
): Promise<boolean> {
  if (version === null || isOlder(version, PROBE_IS_HARMLESS_SINCE)) return true;
  const connection = await raw?.connect(origin, Number(new URL(origin).port), signal).catch(() => null);
  connection?.close();
  return (connection ?? null) !== null;
}

async function unlessAborted<T>(work: Promise<T>, { signal }: RequestOptions): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (signal.aborted) throw error;
    return null;
  }
}
