/**
 * The connection doctor: a ladder of probes that tells why a device is not reached. Every failed `fetch` is the same
 * TypeError, so each rung rules out one reason, the cheap and certain ones first (docs/browsers.md).
 */
import type { UpdateErrorCode } from '../update/update-error.ts';
import type { LocalNetworkPermission } from './detect.ts';
import type { Credentials } from './request.ts';
import { isIpAddress, isLocalByText, isLoopback, isPlainLanName } from './host-name.ts';
import { says, type Diagnosis } from './diagnosis.ts';
import { dialectOf, isByGateway, type DeviceTarget } from './target.ts';

/** What one question with the token came to. */
export interface Asked {
  /** Null: a good answer. */
  readonly code: UpdateErrorCode | null;
  readonly status: number | null;
  readonly said: string | null;
  /** A page for people, or nothing that an OTA route would answer. */
  readonly foreign: boolean;
}

export interface Knocked {
  readonly reached: boolean;
  readonly ms: number;
}

/** What the doctor may do and know. Injected, so that the ladder itself is pure. */
export interface Probes {
  readonly page: { readonly origin: string; readonly secure: boolean };
  /** Whether the host that served the page has a gateway. */
  readonly gateway: boolean;
  online(): boolean;
  permission(target: DeviceTarget): Promise<LocalNetworkPermission>;
  /** Whether this browser lets an https page reach http devices in the local network (Chromium does). */
  letsLocalHttp(): Promise<boolean>;
  /** Asks for the status so that the answer can be read. */
  ask(target: DeviceTarget, credentials: Credentials): Promise<Asked>;
  /** Asks so that the answer cannot be read, without the token: whether anything answers. */
  knock(target: DeviceTarget): Promise<Knocked>;
  /** Whether the page's own policy (CSP) blocked a request to the target since the probes were made. */
  blockedByPolicy(target: DeviceTarget): Promise<boolean>;
}

/** A closed port is refused within a round trip; a name or address that is not there takes seconds to be given up. */
const SLOW_MS = 1000;
/** Where else a device may listen: the web's own port, and the port ViperHTTP takes by default. */
const OTHER_PORTS = { 'http:': [80, 8080], 'https:': [443, 8080] } as const;

/**
 * Why `target` is not reached. `after`: what an update just failed with, if one did. Never makes the browser ask its
 * permission question: that is the person's tap to make.
 */
export async function diagnose(
  target: DeviceTarget,
  probes: Probes,
  after: UpdateErrorCode | null = null,
): Promise<Diagnosis> {
  const url = new URL(target.origin);
  if (!probes.online() && !isLoopback(url.hostname)) return says('offline', target, probes);
  const direct = !isByGateway(target);
  const sameOrigin = target.origin === probes.page.origin;
  if (direct && !sameOrigin) {
    const foreseen = await foresee(url, target, probes);
    if (foreseen !== null) return foreseen;
  }

  const asked = await askEachWay(target, probes);
  if (asked === 'one-header') return says('header-refused', target, probes);
  if (asked !== null) return fromAnswer(asked, target, probes, after);
  if (!direct) return says('gateway-gone', target, probes);
  if (await probes.blockedByPolicy(target)) return says('blocked-by-policy', target, probes);

  const knocked = await probes.knock(target);
  if (knocked.reached) return sameOrigin ? says('busy', target, probes) : fromUnreadable(target, probes);
  return fromSilence(url, knocked, target, probes);
}

/** What is known before anything is sent. */
async function foresee(url: URL, target: DeviceTarget, probes: Probes): Promise<Diagnosis | null> {
  const page = new URL(probes.page.origin);
  const local = isLocalByText(url.hostname) || isPlainLanName(url.hostname);
  if (page.protocol === 'https:' && url.protocol === 'http:' && !isLoopback(url.hostname)) {
    if (!local || !(await probes.letsLocalHttp())) return says('mixed-content', target, probes);
  }
  const pageIsLocal = isLoopback(page.hostname) || isLocalByText(page.hostname) || isPlainLanName(page.hostname);
  if (!probes.page.secure) return local && !pageIsLocal ? says('page-not-secure', target, probes) : null;
  return fromPermission(target, probes);
}

async function fromPermission(target: DeviceTarget, probes: Probes): Promise<Diagnosis | null> {
  // Outside of a secure context the browser's word on it means nothing.
  if (!probes.page.secure) return null;
  switch (await probes.permission(target)) {
    case 'denied':
      return says('permission-denied', target, probes);
    case 'prompt':
      return says('permission-not-asked', target, probes);
    case 'granted':
    case 'none':
      return null;
  }
}

/**
 * The first readable answer; each header alone, since the device's CORS list may name only one. `one-header`: the token
 * came to nothing in one, and the device may read the other, which cannot be sent.
 */
async function askEachWay(target: DeviceTarget, probes: Probes): Promise<Asked | 'one-header' | null> {
  const spoken = dialectOf(target);
  const ways: readonly Credentials[] =
    spoken === null ? ['token-header', 'bearer'] : spoken === 'shipped' ? ['token-header'] : ['bearer'];
  let refused: Asked | null = null;
  let unread = false;
  for (const way of ways) {
    const asked = await probes.ask(target, way);
    if (asked.status === null) {
      unread = true;
      continue;
    }
    // With the dialect unknown, the token may have been in the wrong header; one of them has no status to ask for.
    const open = spoken === null && way === 'token-header' && asked.code === 'no-route' && !asked.foreign;
    if (asked.code !== 'unauthorised' && !open) return asked;
    refused = asked;
  }
  return refused !== null && unread ? 'one-header' : refused;
}

function fromAnswer(asked: Asked, target: DeviceTarget, probes: Probes, after: UpdateErrorCode | null): Diagnosis {
  switch (asked.code) {
    case null:
      return says(asked.foreign ? 'not-a-device' : 'answers', target, probes);
    case 'unauthorised':
      return says('wrong-token', target, probes);
    case 'no-route':
      if (asked.foreign) return says('not-a-device', target, probes);
      // A documented device need not have a status; only what came of begin tells.
      return says(
        dialectOf(target) === 'documented' && after !== 'no-route' ? 'answers' : 'wrong-prefix',
        target,
        probes,
      );
    case 'wrong-host':
      return says('untrusted-host', target, probes);
    case 'forbidden':
      // The gateway sends no Origin on, so this is its own word.
      return says(isByGateway(target) ? 'gateway-refused' : 'cors-missing', target, probes);
    case 'unsupported':
      return says('unsupported', target, probes);
    case 'garbled':
    case 'web-page':
      return says('not-a-device', target, probes);
    case 'device-fault':
      // 502 and 504 are the gateway's own words for a device that it did not reach.
      return isByGateway(target) && asked.status !== 500
        ? inItsWords(says('no-answer', target, probes), asked.said)
        : says('busy', target, probes);
    default:
      return says('busy', target, probes);
  }
}

/** The gateway sees more than a page: no such name, another certificate than before. */
function inItsWords(diagnosis: Diagnosis, said: string | null): Diagnosis {
  return said === null ? diagnosis : { ...diagnosis, sentence: `The gateway did not reach the device. ${said}` };
}

/** Something answers, and the page may not read it. */
async function fromUnreadable(target: DeviceTarget, probes: Probes): Promise<Diagnosis> {
  // Without the token no preflight is needed: readable now means that the page is listed and the header is not.
  const plain = await probes.ask(target, 'none');
  if (plain.code === 'wrong-host') return says('untrusted-host', target, probes);
  return says(plain.status === null || plain.code === 'forbidden' ? 'cors-missing' : 'header-missing', target, probes);
}

async function fromSilence(url: URL, knocked: Knocked, target: DeviceTarget, probes: Probes): Promise<Diagnosis> {
  // The browser's question may have been closed or blocked in the meantime.
  const permission = target.origin === probes.page.origin ? null : await fromPermission(target, probes);
  if (permission !== null) return permission;
  if (await probes.blockedByPolicy(target)) return says('blocked-by-policy', target, probes);
  if (knocked.ms >= SLOW_MS) {
    const named = !needsNoLookUp(url.hostname);
    return says(named ? 'no-such-name' : 'no-answer', target, probes);
  }
  for (const port of OTHER_PORTS[url.protocol === 'https:' ? 'https:' : 'http:']) {
    const other = withPort(target, port);
    if (other.origin !== target.origin && (await probes.knock(other)).reached)
      return says('wrong-port', target, probes, port);
  }
  return says(url.protocol === 'https:' ? 'certificate' : 'port-closed', target, probes);
}

function needsNoLookUp(host: string): boolean {
  return isIpAddress(host) || isLoopback(host);
}

function withPort(target: DeviceTarget, port: number): DeviceTarget {
  const url = new URL(target.origin);
  url.port = String(port);
  return { ...target, origin: url.origin };
}
