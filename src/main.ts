/** The composition root: the only file that knows every room. */
import { thisPage, localNetworkPermission } from './device/browser-probes.ts';
import { parseAddress } from './device/address.ts';
import { corsLines, tokenLines } from './device/device-lines.ts';
import { openByAnyRoute } from './device/route.ts';
import { KNOWN_CHIPS } from './firmware/chips.ts';
import type { App } from './state/app.ts';
import { HostState } from './state/app.ts';
import { ChecksState } from './state/checks.ts';
import { DEFAULT_PREFIX, DEFAULT_TOKEN_HEADER, DevicesState } from './state/devices.ts';
import { FirmwareState } from './state/firmware.ts';
import { askHost } from './state/host-offers.ts';
import { LibraryState } from './state/library.ts';
import { NoticesState } from './state/notices.ts';
import { PageBusy } from './state/page-busy.ts';
import { pageClock } from './state/page-clock.ts';
import { pageConnectivity } from './state/page-connectivity.ts';
import { pageLock } from './state/page-lock.ts';
import { QuestionsState } from './state/questions.ts';
import type { AddressReading, LinkTo } from './state/tools.ts';
import { UpdatesState } from './state/updates.ts';
import { openStorage } from './storage/open-storage.ts';
import { newId } from './storage/seal.ts';
import { MoultApp } from './ui/moult-app.ts';
import { tokens } from './ui/theme.ts';
import { describe } from './update/describe.ts';
import { runUpdate } from './update/run-update.ts';

/** Bytes of a new token: what the device's own documentation makes with `os.urandom(32).hex()`. */
const TOKEN_BYTES = 32;

const today = (): number => Date.now();
const notices = new NoticesState();

async function compose(): Promise<App> {
  const storage = await openStorage({
    clock: pageClock,
    subtle: window.isSecureContext ? crypto.subtle : null,
    ...(window.isSecureContext ? { persist: () => navigator.storage.persist() } : {}),
    trouble: tell,
  });
  if (!storage.persistent) notices.show({ kind: 'storage-in-memory' });
  else if (!window.isSecureContext) notices.show({ kind: 'not-secure' });

  const questions = new QuestionsState();
  const host = new HostState(() => askHost((url) => fetch(url, { cache: 'no-store' })));
  const devices = new DevicesState({ store: storage.devices, vault: storage.vault, readAddress, newId, today });
  const library = new LibraryState(storage.firmware, notices);
  const firmware = new FirmwareState({
    // What a file is concerns nobody before there is one.
    inspect: async (bytes) => (await import('./firmware/inspect.ts')).inspect(bytes),
    digest: async (bytes, { signal, progress }) => {
      const { sha256 } = await import('./firmware/digest.ts');
      return sha256(bytes, (share) => progress(Math.round(share * bytes.length)), signal);
    },
    unpack: async (bytes, inner) => (await import('./firmware/inside.ts')).takeOut(bytes, inner),
    library,
    notices,
    today,
  });
  const page = thisPage();
  const linkTo: LinkTo = ({ id, origin, prefix, protocol, dialect, tokenHeader, route }, token) =>
    openByAnyRoute(
      {
        ...{ origin, prefix, protocol, dialect, tokenHeader, route },
        token: token ?? '',
        gateway: host.$offers.get().gateway ? '' : null,
      },
      {
        fetch: (url, init) => fetch(url, init),
        clock: pageClock,
        permission: () => localNetworkPermission(page),
      },
      (worked) => void devices.learn(id, { route: worked }),
    );
  const checks = new ChecksState({ linkTo, devices, describe, today });
  const updates = new UpdatesState({
    run: runUpdate,
    linkTo,
    ports: { clock: pageClock, random: Math.random, journal: storage.journal, connectivity: pageConnectivity },
    describe,
    lock: pageLock(),
    busy: new PageBusy(() => notices.show({ kind: 'keep-screen-on' })),
    ...{ devices, firmware, library, checks, questions, notices, today },
  });
  const setup = {
    newToken: () =>
      Array.from(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)), (byte) =>
        byte.toString(16).padStart(2, '0'),
      ).join(''),
    linesFor: (token: string) =>
      `${corsLines(window.location.origin, null, DEFAULT_TOKEN_HEADER)}\n\n${tokenLines(token)}`,
    chips: KNOWN_CHIPS,
    secure: window.isSecureContext,
  };
  return { devices, firmware, library, updates, checks, notices, questions, host, setup };
}

function readAddress(typed: string): AddressReading {
  const parsed = parseAddress(typed);
  // Without a path of its own the address leaves the prefix to its field.
  return parsed.ok && parsed.prefix === DEFAULT_PREFIX ? { ...parsed, prefix: null } : parsed;
}

/** Surprises are shown, never swallowed. An error's message carries no token: tokens are only ever header values. */
function tell(error: unknown): void {
  notices.show({ kind: 'broken', what: error instanceof Error ? error.message : String(error) });
}

window.addEventListener('unhandledrejection', ({ reason }) => tell(reason));
window.addEventListener('error', ({ error }) => {
  if (error !== undefined && error !== null) tell(error);
});

// Style elements are not allowed by the page's policy; constructed sheets are.
if (tokens.styleSheet !== undefined) document.adoptedStyleSheets = [tokens.styleSheet];

const app = await compose();
const shell = new MoultApp();
shell.app = app;
document.body.append(shell);
await Promise.all([app.devices.load(), app.library.load(), app.host.load()]);
await app.updates.offerUnfinished();
