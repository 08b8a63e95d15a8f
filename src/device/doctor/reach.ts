/**
 * The connection doctor: a ladder of probes that tells why a device is not reached. Every failed `fetch` is the same
 * TypeError, so each rung rules out one reason, the cheap and certain ones first (docs/browsers.md).
 */
import type { UpdateErrorCode } from '../../model/update/error-codes.ts';
import { isBadPort } from '../bad-ports.ts';
import type { Diagnosis } from '../../model/device/diagnosis.ts';
import { blocked } from './diagnosis.ts';
import { heard, type Heard } from './heard.ts';
import { isIpAddress, isLocalByText, isLoopback, isPlainLanName } from '../host-name.ts';
import type { Probed, Probes } from './probes.ts';
import type { Credentials } from '../device-request.ts';
import { asksForLogin, saysShippedRefusal } from '../viperhttp/shipped.ts';
import { dialectOf, hasLogin, isByGateway, type DeviceTarget } from '../target.ts';
import { TRAITS, traitsOf } from '../../model/device/dialect.ts';

/**
 * A closed port is refused within a round trip; for a name or an address that does not exist, browsers give up after
 * seconds.
 */
const SLOW_MS = 1000;
/** Where else a device may listen: the default port of the scheme, and that of ViperHTTP. */
const OTHER_PORTS = { 'http:': [80, 8080], 'https:': [443, 8080] } as const;

/**
 * Why `target` is not reached. `after`: what an update just failed with, if one did. Never makes the browser ask its
 * permission question, which takes a tap.
 */
export async function diagnose(
  target: DeviceTarget,
  probes: Probes,
  after: UpdateErrorCode | null = null,
): Promise<Diagnosis> {
  const url = new URL(target.origin);
  if (!probes.online() && !isLoopback(url.hostname)) return blocked('offline', target, probes);
  if (isBadPort(Number(url.port))) return blocked('bad-port', target, probes);
  const direct = !isByGateway(target);
  const sameOrigin = target.origin === probes.page.origin;
  if (direct && !sameOrigin) {
    const foreseen = await foresee(url, target, probes);
    if (foreseen !== null) return foreseen;
  }

  const answer = await askEachWay(target, probes);
  if (answer === 'one-header') return blocked('header-refused', target, probes);
  if (answer !== null) return heard(answer, target, probes, after);
  if (!direct) return blocked('gateway-gone', target, probes);
  if (await probes.blockedByPolicy(target)) return blocked('blocked-by-policy', target, probes);

  const probed = await probes.probe(target);
  if (probed.reached) return sameOrigin ? blocked('busy', target, probes) : fromUnreadable(target, probes, after);
  return fromSilence(url, probed, target, probes);
}

/** What is known before anything is sent. */
async function foresee(url: URL, target: DeviceTarget, probes: Probes): Promise<Diagnosis | null> {
  const page = new URL(probes.page.origin);
  const local = isLocalByText(url.hostname) || isPlainLanName(url.hostname);
  if (page.protocol === 'https:' && url.protocol === 'http:' && !isLoopback(url.hostname)) {
    if (!local || !(await probes.letsLocalHttp())) return blocked('mixed-content', target, probes);
  }
  const pageIsLocal = isLoopback(page.hostname) || isLocalByText(page.hostname) || isPlainLanName(page.hostname);
  if (!probes.page.secure) return local && !pageIsLocal ? blocked('page-not-secure', target, probes) : null;
  return fromPermission(target, probes);
}

async function fromPermission(target: DeviceTarget, probes: Probes): Promise<Diagnosis | null> {
  // Outside of a secure context the permission's state means nothing.
  if (!probes.page.secure) return null;
  switch (await probes.permission(target)) {
    case 'denied':
      return blocked('permission-denied', target, probes);
    case 'prompt':
      return blocked('permission-not-asked', target, probes);
    case 'granted':
    case 'none':
      return null;
  }
}

/**
 * The first readable answer; each header is tried alone, since the device's CORS list may name only one. `one-header`:
 * the token was refused in one header, and a request with the other had no readable answer. Null: none had.
 */
async function askEachWay(target: DeviceTarget, probes: Probes): Promise<Heard | 'one-header' | null> {
  const tokenIn = traitsOf(dialectOf(target))?.tokenIn ?? null;
  // These do not go in a header, so the status is asked for without credentials.
  const isApart = tokenIn === 'pin' || tokenIn === 'password' || tokenIn === 'login';
  const spoken = isApart ? 'none' : hasLogin(target) ? 'token-header' : tokenIn;
  let refused: Heard | null = null;
  let unread = false;
  const ways: readonly Credentials[] = spoken === null ? ['token-header', 'bearer'] : [spoken];
  for (const way of ways) {
    const asked = await probes.ask(target, way);
    if (asked.redirects === true) return { asked, way };
    if (asked.status === null) {
      unread = true;
      continue;
    }
    const answer = { asked, way };
    // With the dialect unknown, the token may have been in the wrong header; one of them has no status to ask for.
    const open = asked.code === 'unauthorised' || (way === 'token-header' && asked.code === 'no-route');
    if (spoken !== null || !open || asked.body === 'page' || asked.gatewaySays !== null) return answer;
    // A login before every route, and a `shipped` device, would only count a Bearer as a failed login.
    if (asksForLogin(asked)) return answer;
    if (way === 'token-header' && saysShippedRefusal(asked) && (await tellsOwnHeader(target, probes))) return answer;
    refused = answer;
  }
  return refused !== null && unread ? 'one-header' : refused;
}

/** Whether the device itself says that its token is in a header of its own. */
async function tellsOwnHeader(target: DeviceTarget, probes: Probes): Promise<boolean> {
  const self = await probes.describe(target);
  return (
    self?.otas.some(({ prefix, dialect }) => prefix === target.prefix && TRAITS[dialect].tokenIn === 'token-header') ??
    false
  );
}

/** Something answers, and the page may not read it. */
async function fromUnreadable(target: DeviceTarget, probes: Probes, after: UpdateErrorCode | null): Promise<Diagnosis> {
  // Without the token no preflight is needed: readable now means that the page is listed and the header is not.
  const plain = await probes.ask(target, 'none');
  if (plain.status === null) return blocked('cors-missing', target, probes);
  if (plain.code === 'unauthorised' || plain.body === 'snapshot') return blocked('header-missing', target, probes);
  return heard({ asked: plain, way: 'none' }, target, probes, after);
}

async function fromSilence(url: URL, probed: Probed, target: DeviceTarget, probes: Probes): Promise<Diagnosis> {
  // The browser's question may have been closed or answered with “no” in the meantime.
  const permission = target.origin === probes.page.origin ? null : await fromPermission(target, probes);
  if (permission !== null) return permission;
  if (await probes.blockedByPolicy(target)) return blocked('blocked-by-policy', target, probes);
  if (probed.ms >= SLOW_MS) {
    const named = !needsNoLookUp(url.hostname);
    return blocked(named ? 'no-such-name' : 'no-answer', target, probes);
  }
  for (const port of OTHER_PORTS[url.protocol === 'https:' ? 'https:' : 'http:']) {
    const other = withPort(target, port);
    if (other.origin !== target.origin && (await probes.probe(other)).reached)
      return blocked('wrong-port', target, probes, port);
  }
  return blocked(url.protocol === 'https:' ? 'certificate' : 'port-closed', target, probes);
}

function needsNoLookUp(host: string): boolean {
  return isIpAddress(host) || isLoopback(host);
}

function withPort(target: DeviceTarget, port: number): DeviceTarget {
  const url = new URL(target.origin);
  url.port = String(port);
  return { ...target, origin: url.origin };
}
