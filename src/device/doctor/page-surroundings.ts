/** What the page is to the browser: where it came from, and whether it may reach the local network. Window only. */
import type { LocalNetworkPermission } from '../link-deps.ts';
import { isLocalByText, isLoopback } from '../host-name.ts';

/** What is used of the window, so that a test can replace it. */
export interface PageSurroundings {
  readonly origin: string;
  readonly hostname: string;
  readonly isSecureContext: boolean;
  /** Whether `fetch` takes a `targetAddressSpace`. Firefox has the permission by name, and still blocks http from https. */
  readonly knowsAddressSpaces: boolean;
  online(): boolean;
  /** `navigator.permissions.query`; null where the browser has none. */
  readonly queryPermission: ((name: string) => Promise<{ readonly state: string }>) | null;
  /** Calls back with the blocked URI of each request that the page's policy stopped. */
  onPolicyViolation(listener: (directive: string, blockedUri: string) => void, until: AbortSignal): void;
}

/** Names of the permission: the one in use, and the one it had at first. */
const PERMISSION_NAMES = ['local-network', 'local-network-access'];
/** Chromium asks a separate question for devices on this very machine, in versions that know the name. */
const LOOPBACK_NAMES = ['loopback-network', ...PERMISSION_NAMES];

/** The real page. */
export function thisPage(): PageSurroundings {
  return {
    origin: globalThis.location.origin,
    hostname: globalThis.location.hostname,
    isSecureContext: globalThis.isSecureContext,
    knowsAddressSpaces: 'targetAddressSpace' in Request.prototype,
    online: () => navigator.onLine,
    queryPermission:
      'permissions' in navigator
        ? // TypeScript's list of permission names lags behind the browsers'.
          (name) => navigator.permissions.query({ name: name as PermissionName })
        : null,
    onPolicyViolation: (listener, signal) =>
      document.addEventListener(
        'securitypolicyviolation',
        (event) => listener(event.effectiveDirective, event.blockedURI),
        { signal },
      ),
  };
}

/** The state as the browser tells it; null where it does not know the permission. */
export async function permissionState(
  page: PageSurroundings,
  names = PERMISSION_NAMES,
): Promise<'granted' | 'denied' | 'prompt' | null> {
  if (page.queryPermission === null || !page.isSecureContext) return null;
  for (const name of names) {
    try {
      const { state } = await page.queryPermission(name);
      if (state === 'granted' || state === 'denied' || state === 'prompt') return state;
    } catch {
      // An unknown name rejects with a TypeError: this browser has no such permission under it.
    }
  }
  return null;
}

/** For `openLink` and the doctor: whether the browser's question stands between this page and a device at `host`. */
export async function localNetworkPermission(page: PageSurroundings, host: string): Promise<LocalNetworkPermission> {
  // From loopback or the same network the browser does not ask, whatever state it tells.
  if (isLoopback(page.hostname) || isLocalByText(page.hostname)) return 'none';
  return (await permissionState(page, isLoopback(host) ? LOOPBACK_NAMES : PERMISSION_NAMES)) ?? 'none';
}
