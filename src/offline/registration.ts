/** Registers the service worker, and tells when a new version of the page waits to take over. */
import { Workbox } from 'workbox-window';

/** The parts of Trusted Types that are used; the DOM's types do not have them yet. */
interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

/** The worker's file, named by vite.config.ts; the page's policy allows a policy of this name only (src/host/serve/headers.ts). */
const WORKER = 'service-worker.js';
const POLICY = 'moult';

/** A page that stays open looks for a new version this often, in milliseconds: the browser itself does once a day. */
const LOOK_MS = 60 * 60 * 1000;

/**
 * Registers the worker below `base` (with slashes at both ends). `waiting` is called when a new version has been
 * fetched whole; its `takeOver` lets that version in, and resolves when the page is under it. Nothing reloads here.
 */
export async function registerWorker(base: string, waiting: (takeOver: () => Promise<void>) => void): Promise<void> {
  const workbox = new Workbox(trusted(`${base}${WORKER}`), { scope: base });
  const takeOver = async (): Promise<void> => {
    const registration = await navigator.serviceWorker.getRegistration(base);
    // Another tab has let it in already, and this page is under it.
    if ((registration?.waiting ?? null) === null) return;
    await new Promise<void>((resolve) => {
      navigator.serviceWorker.addEventListener('controllerchange', () => resolve(), { once: true });
      workbox.messageSkipWaiting();
    });
  };
  workbox.addEventListener('waiting', () => waiting(takeOver));
  await workbox.register({ immediate: true });
  let looked = Date.now();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || Date.now() - looked < LOOK_MS) return;
    looked = Date.now();
    // Offline, or the host is off: the version that is here goes on.
    workbox.update().catch(() => undefined);
  });
}

/** Where the page's policy demands Trusted Types, a plain string is refused. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as { readonly trustedTypes?: PolicyFactory };
  if (trustedTypes === undefined) return url;
  const policy = trustedTypes.createPolicy(POLICY, {
    createScriptURL: (asked) => {
      if (asked !== url) throw new TypeError(`${asked} is not the service worker`);
      return asked;
    },
  });
  return policy.createScriptURL(url);
}
