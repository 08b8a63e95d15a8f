/** The composition root: makes everything, and hands it to who needs it. What it does last is `after-first-view.ts`. */
import { atRest, becomeAnApp, loadTheRest, lookForHost } from './after-first-view.ts';
import { parseAddress, parsePrefix } from './device/address.ts';
import type { LocalNetworkPermission } from './device/detect.ts';
import { setupLines } from './device/viperhttp/device-lines.ts';
import { LocalNetwork } from './device/doctor/local-network.ts';
import { thisPage } from './device/doctor/page-surroundings.ts';
import type { RoutedTarget } from './device/route.ts';
import { KNOWN_CHIPS } from './model/chips.ts';
import { PageInstall } from './offline/install.ts';
import type { WholeApp } from './state/app.ts';
import { HostState } from './state/app.ts';
import { ChecksState } from './state/device/checks.ts';
import { DevicesState } from './state/device/devices.ts';
import { DiscoveryState } from './state/device/discovery.ts';
import { firstRoute, routeLearned } from './state/device/first-route.ts';
import { DoctorState } from './state/device/doctor.ts';
import { FirmwareState } from './state/firmware/firmware.ts';
import { HistoryState } from './state/update/history.ts';
import { HostKey, type KeyStore } from './page/host-key.ts';
import { InstallationState } from './state/installation.ts';
import { LibraryState } from './state/firmware/library.ts';
import { NewVersionState } from './state/new-version.ts';
import { NoticesState } from './state/notices.ts';
import { installOfferedBefore } from './page/offered-before.ts';
import { PageBusy } from './page/busy.ts';
import { pageClock } from './page/clock.ts';
import { pageConnectivity } from './page/connectivity.ts';
import { anyTabHoldsADevice, pageLock } from './page/lock.ts';
import { PairingState } from './state/pairing.ts';
import type { TokenVault } from './model/stores.ts';
import { QuestionsState } from './state/questions.ts';
import { Recorder } from './state/update/recorder.ts';
import { RolloutDoor } from './state/rollout/rollout-door.ts';
import { NO_SECRETS, type Secrets } from './state/device/secrets.ts';
import type { AskSelf } from './state/device/self-told.ts';
import type { LinesAsked, LinkTo, LoadDescribe } from './state/tools.ts';
import { TokenLockState } from './state/device/token-lock.ts';
import type { WatchState } from './state/firmware/watched-file.ts';
import { UpdatesState } from './state/update/updates.ts';
import { openStorage } from './storage/open-storage.ts';
import { newId } from './storage/vault/seal.ts';
import { MoultApp } from './ui/shell/moult-app.ts';
import { takePlace, trustAddress } from './ui/shell/routes.ts';
import { tokens } from './ui/kit/theme.ts';
import { placeOf, type Device } from './model/device.ts';
import type { AddressReading } from './model/address-reading.ts';
import type { BackupTools } from './model/backup.ts';

// Before anything is awaited: opening the storage can take seconds, and the address is seen by everyone.
const { adding, pairing: pairingCode } = takePlace();

/** A host in the same network says what it offers at once; a page that its worker opened waits no longer for one that sleeps. */
const HOST_MS = 5_000;

/** Bytes of a new token: what the device's own documentation makes with `os.urandom(32).hex()`. */
const TOKEN_BYTES = 32;

/** What is said to the host. The page is drawn without it. */
const hostOffers = () => import('./page/host-offers.ts');
const today = (): number => Date.now();
const notices = new NoticesState();
// Made before anything is awaited: the browser offers to install while the page still loads.
const installer = new PageInstall();
const newVersion = new NewVersionState({
  notices,
  busyElsewhere: anyTabHoldsADevice,
  reload: () => window.location.reload(),
});

async function compose(): Promise<WholeApp> {
  const storage = await openStorage({
    clock: pageClock,
    subtle: window.isSecureContext ? crypto.subtle : null,
    ...(window.isSecureContext ? { persist: () => navigator.storage.persist() } : {}),
    trouble: tell,
    lost: (why) => notices.show({ kind: 'storage-lost', why }),
  });
  if (storage.why !== null) notices.show({ kind: 'storage-in-memory', why: storage.why });
  else if (!window.isSecureContext) notices.show({ kind: 'not-secure', trust: false });

  const questions = new QuestionsState();
  const key = new HostKey(keyStore(storage.vault), window.location.origin);
  const fromHost = (url: string): Promise<Response> => key.fetch(url, { cache: 'no-store' });
  const host = new HostState(
    async () =>
      (await hostOffers()).askHost((url) =>
        key.fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(HOST_MS) }),
      ),
    async () => (await hostOffers()).getSample(fromHost),
  );
  const tokenLock = new TokenLockState(storage.lock, new BroadcastChannel('moult-lock'));
  const pairing = new PairingState({ key, calls: () => import('./page/pair-calls.ts'), host, notices, tokenLock });
  const devices = new DevicesState({
    ...{ store: storage.devices, vault: storage.vault, readAddress, readPrefix: parsePrefix, newId, today },
    opened: () => tokenLock.opened(),
  });
  const library = new LibraryState(storage.firmware, notices);
  const firmware = new FirmwareState({
    // What a file is concerns nobody before there is one.
    inspect: async (bytes, signal) => {
      const [{ inspect }, { pageDigest: digest }] = await Promise.all([
        import('./firmware/inspect.ts'),
        import('./page/hash.ts'),
      ]);
      return inspect(bytes, { signal, digest });
    },
    digest: async (bytes, { signal, progress }) => {
      const [{ sha256 }, { pageHash }] = await Promise.all([
        import('./firmware/bytes/digest.ts'),
        import('./page/hash.ts'),
      ]);
      const onProgress = (share: number): void => progress(Math.round(share * bytes.length));
      return sha256(bytes, { ...pageHash, signal, onProgress });
    },
    unpack: async (bytes, inner) => (await import('./firmware/container/inside.ts')).takeOut(bytes, inner),
    words: async () => (await import('./words/file-words.ts')).fileWords,
    library,
    notices,
    today,
  });
  const history = new HistoryState(storage.history, notices);
  const recorder = new Recorder({ keep: (entry) => history.keep(entry), newId, now: () => pageClock.now(), today });
  const page = thisPage();
  const localNetwork = new LocalNetwork(page);
  const world = { fetch: (url: string, init: RequestInit) => key.fetch(url, init), clock: pageClock };
  const targetOf = (device: Device, { token, login }: Secrets): RoutedTarget => {
    const { origin, prefix, protocol, dialect, tokenHeader } = device;
    return {
      ...{ origin, prefix, protocol, dialect, tokenHeader },
      route: firstRoute(device, { secure: window.isSecureContext, now: today() }),
      token: token ?? '',
      login,
      gateway: host.$offers.get().gateway ? '' : null,
      reachedBy: device.route,
    };
  };
  const linkTo: LinkTo = (device, secrets) => async (options) => {
    const { openByAnyRoute } = await import('./device/route.ts');
    if (device.route === 'gateway') await host.look();
    const open = openByAnyRoute(
      targetOf(device, secrets),
      {
        ...world,
        observe: (request) => recorder.seesRequest(device.id, request),
        permission: () => localNetwork.permission(device),
      },
      (worked, gatewayFailed) => void devices.learn(device.id, routeLearned(worked, gatewayFailed, today())),
    );
    return open(options);
  };
  const askSelf: AskSelf = async ({ origin, login }, signal) => {
    const { askOpenApiByAnyRoute } = await import('./device/viperhttp/openapi.ts');
    const permission = (): Promise<LocalNetworkPermission> => localNetwork.permission({ origin });
    const gateway = host.$offers.get().gateway ? '' : null;
    return askOpenApiByAnyRoute({ origin, login }, gateway, { signal, silenceMs: Infinity }, { ...world, permission });
  };
  const lock = pageLock();
  const describe: LoadDescribe = async () => (await import('./words/describe.ts')).describe;
  const checks = new ChecksState({ askSelf, linkTo, devices, describe, lock, today });
  const busy = new PageBusy(notices.keepScreenOn);
  const updates = new UpdatesState({
    run: async function* (plan, ports, controls) {
      const { runUpdate } = await import('./update/run-update.ts');
      yield* runUpdate(plan, ports, controls);
    },
    linkTo,
    ports: { clock: pageClock, random: Math.random, journal: storage.journal, connectivity: pageConnectivity },
    describe,
    lock,
    busy: {
      set: (under) => {
        busy.set(under);
        newVersion.set(under);
      },
    },
    ...{ devices, firmware, library, checks, recorder, questions, notices, today },
  });
  const doctor = new DoctorState({
    ...{ devices, checks, updates },
    diagnose: async (device, secrets, after, signal) => {
      const { examineFromPage } = await import('./device/doctor/page-doctor.ts');
      const permission = (target: { readonly origin: string }) => localNetwork.permission(target);
      return examineFromPage(targetOf(device, secrets), page, { ...world, signal, permission }, after);
    },
    words: async () => (await import('./words/doctor.ts')).doctorWords,
    allow: (device, signal) => localNetwork.ask(targetOf(device, NO_SECRETS), { ...world, signal }),
  });
  const discovery = new DiscoveryState(async () =>
    (await hostOffers()).askForDevices((url) => key.fetch(url, { method: 'POST' })),
  );
  const rollouts = new RolloutDoor({
    ...{ store: storage.rollouts, notices },
    show: () => (window.location.hash = '#/rollout'),
    make: async () => {
      const { RolloutsState } = await import('./state/rollout/rollouts.ts');
      const { journal, rollouts: store } = storage;
      const parts = { devices, updates, checks, firmware, library, journal, store, lock, linkTo, questions };
      return new RolloutsState({ ...parts, describe: await describe(), clock: pageClock, trouble: tell });
    },
  });
  const subtle = window.isSecureContext ? crypto.subtle : null;
  const originOf = (typed: string): string | null => {
    const read = parseAddress(typed);
    return read.ok ? read.origin : null;
  };
  const backup: BackupTools = {
    write: async (saved, tokens) =>
      (await import('./storage/backup.ts')).writeBackup(saved, tokens, { subtle, now: today() }),
    read: async (file, saved, passphrase) =>
      (await import('./storage/backup.ts')).readBackup(file, {
        subtle,
        now: today(),
        devices: saved,
        passphrase,
        originOf,
      }),
  };
  let watching: Promise<WatchState> | null = null;
  const openWatch = async (): Promise<WatchState> => {
    const watched = await import('./state/firmware/watched-file.ts');
    const { watchableFiles } = await import('./page/file.ts');
    // A rollout holds a lock, too, from its first question to its end.
    const anyTabUpdates = anyTabHoldsADevice;
    return new watched.WatchState({
      files: watchableFiles(pageClock),
      clock: pageClock,
      devices,
      firmware,
      updates,
      notices,
      anyTabUpdates,
    });
  };
  const handOver = subtle && {
    seal: async (token: string, device: Pick<Device, 'origin' | 'prefix'>) =>
      (await import('./storage/vault/handed-token.ts')).sealForLink(subtle, token, placeOf(device)),
    open: async (sealed: string, code: string, address: string) => {
      const read = parseAddress(address);
      if (!read.ok) return null;
      return (await import('./storage/vault/handed-token.ts')).openFromLink(subtle, sealed, code, placeOf(read));
    },
  };
  const setup = {
    newToken: () =>
      Array.from(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)), (byte) =>
        byte.toString(16).padStart(2, '0'),
      ).join(''),
    linesFor: (asked: LinesAsked) => setupLines({ ...asked, pageOrigin: window.location.origin }),
    chips: KNOWN_CHIPS,
    secure: window.isSecureContext,
    ...(handOver && { handOver }),
  };
  const installation = new InstallationState({
    installer,
    notices,
    offeredBefore: installOfferedBefore,
    version: import.meta.env.VITE_VERSION,
  });
  installation.offerAfter(updates.$ended);
  return {
    devices,
    firmware,
    library,
    updates,
    rollouts,
    checks,
    askSelf,
    doctor,
    discovery,
    history,
    recorder,
    backup,
    tokenLock,
    watch: () => (watching ??= openWatch()),
    notices,
    questions,
    host,
    pairing,
    setup,
    installation,
  };
}

/** The vault's record of this browser's key to its host. */
const HOST_RECORD = 'host';

/** As a token is kept. On plain http it is kept as it is: it crosses the network so, too, and opens no device. */
function keyStore(vault: TokenVault): KeyStore {
  return {
    read: () => vault.get(HOST_RECORD, window.location.origin),
    write: async (key) => {
      const keeping = vault.keepsPlain ? 'plain' : vault.preferred;
      await vault.put(HOST_RECORD, key, keeping, window.location.origin);
    },
  };
}

function readAddress(typed: string): AddressReading {
  const parsed = parseAddress(typed);
  // Without a path of its own the address leaves the prefix to its field.
  return parsed.ok && !parsed.hasPath ? { ...parsed, prefix: null } : parsed;
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
document.body.replaceChildren(shell);
if (adding !== null) shell.open(adding);
await Promise.all([app.devices.load(), app.library.load()]);
await app.tokenLock.load(async () => {
  await app.devices.loadKeeping();
  if (app.host.$offers.get().pairing === 'needed') await app.pairing.look();
});
await app.pairing.load(pairingCode);
if (app.host.$offers.get().lan && notices.$notices.get().some(({ kind }) => kind === 'not-secure')) {
  notices.show({ kind: 'not-secure', trust: true }, () => {
    void app.pairing.renewCode().then((code) => window.location.assign(trustAddress(code)));
  });
}
await app.updates.offerUnfinished();
await app.rollouts.offer();
lookForHost(app.host);
await atRest();
// The development server gives each file a new address with every change; a worker would keep the old ones.
if (window.isSecureContext && 'serviceWorker' in navigator && import.meta.env.PROD) {
  await becomeAnApp({ firmware: app.firmware, notices, newVersion, trouble: tell });
} else {
  // What could not be loaded now is asked for again when it is needed, and missed there.
  await loadTheRest().catch(() => undefined);
}
