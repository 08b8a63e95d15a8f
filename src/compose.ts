/** Makes everything that the page is made of, and hands each part to who needs it. */
import { parseAddress, parsePrefix } from './device/address.ts';
import { setupLines } from './device/viperhttp/device-lines.ts';
import { KNOWN_CHIPS } from './model/firmware/chips.ts';
import { isInTab } from './model/page/in-tab.ts';
import type { PageInstall } from './offline/install.ts';
import type { WholeApp } from './state/app.ts';
import { HostState } from './state/host.ts';
import type { ActivityState } from './state/activity/activity-state.ts';
import { ChecksState } from './state/device/checks.ts';
import { DevicesState } from './state/device/devices.ts';
import { FitsState } from './state/device/fits.ts';
import { DiscoveryState } from './state/device/discovery.ts';
import { DoctorState } from './state/device/doctor.ts';
import { FirmwareState } from './state/firmware/firmware.ts';
import { HistoryState } from './state/update/history.ts';
import { HostKey, type KeyStore } from './page/host-key.ts';
import { InstallationState } from './state/installation.ts';
import { KeysState } from './state/keys.ts';
import { LazyJobs } from './state/jobs/lazy-jobs.ts';
import { RunChoiceState } from './state/jobs/run-choice.ts';
import { LibraryState } from './state/firmware/library.ts';
import type { NewVersionState } from './state/new-version.ts';
import type { NoticesState } from './state/notices.ts';
import { offeredBefore } from './page/offered-before.ts';
import { PageBusy } from './page/busy.ts';
import { pageClock } from './page/clock.ts';
import { pageConnectivity } from './page/connectivity.ts';
import { keysKept } from './page/keys-kept.ts';
import { anyTabHoldsADevice, pageLock } from './page/lock.ts';
import { runChoiceKept } from './page/run-choice-kept.ts';
import { PairingState } from './state/pairing.ts';
import type { TokenVault } from './model/page/stores.ts';
import type { JobKeys, KeptJob } from './model/page/job-calls.ts';
import { QuestionsState } from './state/questions.ts';
import { RemovalsState } from './state/removals.ts';
import { Recorder } from './state/update/recorder.ts';
import type { AskSelf } from './state/device/self-told.ts';
import { LazyRollouts } from './state/rollout/lazy-rollouts.ts';
import type { LinesAsked, LinkTo, LoadDescribe } from './state/tools.ts';
import { TokenLockState } from './state/device/token-lock.ts';
import type { WatchState } from './state/firmware/watched-file.ts';
import { UpdatesState } from './state/update/updates.ts';
import { openStorage } from './storage/open-storage.ts';
import { newJobRef } from './page/new-job-ref.ts';
import { newId } from './storage/vault/seal.ts';
import type { AddressReading } from './model/device/address-reading.ts';
import type { DeviceWays } from './device-ways.ts';
import { LINK_NEEDS_HOST } from './words/kit/host-link.ts';
import { backupTools, handOver } from './on-demand.ts';

/** A host in the same network says what it offers at once; a page that its worker opened waits no longer for one that sleeps. */
const HOST_MS = 5_000;

/** Bytes of a new token: what the device's own documentation makes with `os.urandom(32).hex()`. */
const TOKEN_BYTES = 32;

/** What is said to the host. The page is drawn without it. */
const hostOffers = () => import('./page/host-offers.ts');
const today = (): number => Date.now();

/** What was made before anything is awaited, and where surprises go. */
export interface Early {
  readonly notices: NoticesState;
  readonly installer: PageInstall;
  readonly newVersion: NewVersionState;
  readonly trouble: (error: unknown) => void;
}

export async function compose({ notices, installer, newVersion, trouble }: Early): Promise<WholeApp> {
  const storage = await openStorage({
    clock: pageClock,
    subtle: window.isSecureContext ? crypto.subtle : null,
    ...(window.isSecureContext ? { persist: () => navigator.storage.persist() } : {}),
    trouble,
    lost: (why) => notices.show({ kind: 'storage-lost', why }),
    endsWithPage: (id) => isInTab(devices.find(id) ?? { origin: '' }),
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
    words: async () => (await import('./words/firmware/file-words.ts')).fileWords,
    library,
    notices,
    today,
  });
  const history = new HistoryState(storage.history, notices);
  const recorder = new Recorder({ keep: (entry) => history.keep(entry), newId, now: () => pageClock.now(), today });
  let opening: Promise<DeviceWays> | null = null;
  // Nobody is spoken to before the first view stands. What could not be loaded is asked for again.
  const ways = (): Promise<DeviceWays> =>
    (opening ??= import('./device-ways.ts').then(
      ({ deviceWays }) => deviceWays({ key, host, devices, recorder, today }),
      (error: unknown) => {
        opening = null;
        throw error;
      },
    ));
  const linkTo: LinkTo = (device, secrets) => async (options) => (await ways()).linkTo(device, secrets)(options);
  const askSelf: AskSelf = async (...asked) => (await ways()).askSelf(...asked);
  const lock = pageLock();
  const describe: LoadDescribe = async () => (await import('./words/update/describe.ts')).describe;
  const checks = new ChecksState({ askSelf, linkTo, devices, describe, lock, today });
  const fits = new FitsState({ devices, firmware, checks });
  const busy = new PageBusy(notices.keepScreenOn);
  const choice = new RunChoiceState(runChoiceKept);
  const jobKeys = keysOfJobs(storage.vault);
  const jobs: LazyJobs = new LazyJobs({
    ...{ host, devices, keys: jobKeys, choice, today, secure: window.isSecureContext },
    make: async () => {
      const { jobsOfHost } = await import('./jobs-of-host.ts');
      return jobsOfHost({ key, keys: jobKeys, choice, devices, updates, notices });
    },
    noHost: () => notices.show({ kind: 'host-job', text: LINK_NEEDS_HOST }),
  });
  const updates: UpdatesState = new UpdatesState({
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
    ...{ devices, firmware, fits, library, checks, recorder, questions, notices, today, host: jobs },
    lookBack: async (ids) => {
      const { lookBack } = await import('./state/update/look-back.ts');
      const isLocked = (): boolean => tokenLock.$lock.get() === 'locked';
      await lookBack({ updates, devices, checks, linkTo, clock: pageClock, isLocked }, ids).catch(trouble);
    },
  });
  const doctor = new DoctorState({
    ...{ devices, checks, updates },
    diagnose: async (...asked) => (await ways()).diagnose(...asked),
    allow: async (...asked) => (await ways()).allow(...asked),
    words: async () => (await import('./words/device/doctor.ts')).doctorWords,
  });
  const discovery = new DiscoveryState(async () =>
    (await hostOffers()).askForDevices((url) => key.fetch(url, { method: 'POST' })),
  );
  let working: Promise<ActivityState> | null = null;
  const activity = (): Promise<ActivityState> =>
    (working ??= import('./at-work.ts').then(({ atWork }) => atWork({ devices, updates, today })));
  const stop = updates.$running.listen(() => {
    stop();
    activity().catch(trouble);
  });
  const rollouts = new LazyRollouts({
    ...{ store: storage.rollouts, notices, host, keys: jobKeys },
    show: () => (window.location.hash = '#/rollout'),
    noHost: () => notices.show({ kind: 'host-job', text: LINK_NEEDS_HOST }),
    make: async () => {
      const { RolloutsState } = await import('./state/rollout/rollouts.ts');
      const { journal, rollouts: store } = storage;
      const parts = { devices, updates, checks, firmware, library, journal, store, lock, linkTo, questions };
      const onHost = { jobs, keys: jobKeys, notices, newId, newRef: newJobRef };
      const made = new RolloutsState({ ...parts, describe: await describe(), clock: pageClock, trouble, host: onHost });
      (await activity()).followRollout(made.$rollout);
      return made;
    },
  });
  let watching: Promise<WatchState> | null = null;
  const openWatch = async (): Promise<WatchState> => {
    const watched = await import('./state/firmware/watched-file.ts');
    const { watchableFiles } = await import('./page/file.ts');
    const { WatchedHandle } = await import('./storage/watched-handle.ts');
    await import('./ui/firmware/watch-pill.ts');
    // A rollout holds a lock, too, from its first question to its end.
    const anyTabUpdates = anyTabHoldsADevice;
    const state = new watched.WatchState({
      files: watchableFiles(pageClock, new WatchedHandle()),
      clock: pageClock,
      devices,
      firmware,
      updates,
      notices,
      anyTabUpdates,
    });
    (await activity()).followWatch(state.$watch);
    // Watched for as long as the page is open; nobody waits for its end.
    state.restore().catch(trouble);
    return state;
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
    offeredBefore: () => offeredBefore('moult-install-offered'),
    version: import.meta.env.VITE_VERSION,
  });
  installation.offerAfter(updates.$ended);
  return {
    devices,
    firmware,
    fits,
    library,
    updates,
    activity,
    jobs,
    rollouts,
    checks,
    askSelf,
    doctor,
    discovery,
    history,
    recorder,
    backup: backupTools,
    tokenLock,
    watch: () => (watching ??= openWatch()),
    simulator: async () => (await ways()).simulator(),
    notices,
    questions,
    removals: new RemovalsState(notices, pageClock),
    host,
    pairing,
    setup,
    installation,
    keys: new KeysState(keysKept),
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

/** So are the keys of jobs: each of them opens one update of one device. */
function keysOfJobs(vault: TokenVault): JobKeys {
  const recordOf = (deviceId: string): string => `${deviceId} job`;
  return {
    read: async (deviceId) => {
      const text = await vault.get(recordOf(deviceId), window.location.origin);
      return text === null ? null : (JSON.parse(text) as KeptJob);
    },
    write: async (deviceId, kept) => {
      const keeping = vault.keepsPlain ? 'plain' : vault.preferred;
      await vault.put(recordOf(deviceId), JSON.stringify(kept), keeping, window.location.origin);
    },
    remove: (deviceId) => vault.remove(recordOf(deviceId)),
  };
}

function readAddress(typed: string): AddressReading {
  const parsed = parseAddress(typed);
  // Without a path of its own the address leaves the prefix to its field.
  return parsed.kind === 'address' && !parsed.hasPath ? { ...parsed, prefix: null } : parsed;
}
