/** Makes everything that the page is made of, and hands each part to who needs it. */
import { parsePrefix } from './device/address.ts';
import { KNOWN_CHIPS } from './model/firmware/chips.ts';
import { hex } from './model/hex.ts';
import { lazy } from './model/lazy.ts';
import { isInTab } from './model/page/in-tab.ts';
import type { PageInstall } from './offline/install.ts';
import type { WholeApp } from './state/app.ts';
import { HostState } from './state/host.ts';
import { ChecksState } from './state/device/check/checks.ts';
import { DevicesState } from './state/device/devices.ts';
import { FitsState } from './state/device/fits.ts';
import { DiscoveryState } from './state/device/discovery.ts';
import { DoctorState } from './state/device/doctor/doctor.ts';
import { FirmwareState } from './state/firmware/firmware.ts';
import { HistoryState } from './state/update/history.ts';
import { HostKey } from './page/host/host-key.ts';
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
import { hostKeyIn, jobKeysIn } from './page/host/keys-in-vault.ts';
import { keysKept } from './page/keys-kept.ts';
import { anyTabHoldsADevice, pageLock } from './page/lock.ts';
import { runChoiceKept } from './page/run-choice-kept.ts';
import { PairingState } from './state/pairing.ts';
import { QuestionsState } from './state/questions.ts';
import { RemovalsState } from './state/removals.ts';
import { Recorder } from './state/update/recorder.ts';
import type { AskSelf } from './state/device/check/ask-self.ts';
import { listings } from './state/device/check/listings.ts';
import type { RolloutHost } from './state/rollout/rollouts.ts';
import { LazyRollouts } from './state/rollout/lazy-rollouts.ts';
import type { LinesAsked, LinkTo, LoadDescribe } from './state/tools.ts';
import { TokenLockState } from './state/device/secrets/token-lock.ts';
import { UpdatesState } from './state/update/updates.ts';
import { openStorage } from './storage/open-storage.ts';
import { newId } from './storage/vault/seal.ts';
import { LINK_NEEDS_HOST } from './words/kit/host-link.ts';
import { backupTools, fileTools, handOver, readAddress } from './on-demand.ts';

/** A host in the same network says what it offers at once; a page that its worker opened waits no longer for one that sleeps. */
const HOST_MS = 5_000;

/** Bytes of a new token: what the device's own documentation makes with `os.urandom(32).hex()`. */
const TOKEN_BYTES = 32;

/** What is said to the host. The page is drawn without it. */
const hostOffers = () => import('./page/host/host-offers.ts');
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
  const key = new HostKey(hostKeyIn(storage.vault), window.location.origin);
  const fromHost = (url: string): Promise<Response> => key.fetch(url, { cache: 'no-store' });
  const host = new HostState(
    async () =>
      (await hostOffers()).askHost((url) =>
        key.fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(HOST_MS) }),
      ),
    async () => (await hostOffers()).getSample(fromHost),
  );
  const tokenLock = new TokenLockState(storage.lock, new BroadcastChannel('moult-lock'));
  const pairing = new PairingState({ key, calls: () => import('./page/host/pair-calls.ts'), host, notices, tokenLock });
  const devices = new DevicesState({
    ...{ store: storage.devices, vault: storage.vault, readAddress, readPrefix: parsePrefix, newId, today },
    opened: () => tokenLock.opened(),
  });
  const library = new LibraryState(storage.firmware, notices);
  const firmware = new FirmwareState({ ...fileTools, library, notices, today });
  const history = new HistoryState(storage.history, notices);
  const recorder = new Recorder({ keep: (entry) => history.keep(entry), newId, now: () => pageClock.now(), today });
  // Nobody is spoken to before the first view stands.
  const ways = lazy(async () => {
    const { deviceWays } = await import('./device-ways.ts');
    return deviceWays({ key, host, devices, recorder, today });
  });
  const linkTo: LinkTo = (device, secrets) => async (options) => (await ways()).linkTo(device, secrets)(options);
  const askSelf: AskSelf = async (...asked) => (await ways()).askSelf(...asked);
  const lock = pageLock();
  const describe: LoadDescribe = async () => (await import('./words/update/describe-any.ts')).describeAny;
  const checks = new ChecksState({ askListed: listings(askSelf), linkTo, devices, describe, lock, today });
  const fits = new FitsState({ devices, firmware, checks });
  const busy = new PageBusy(notices.keepScreenOn, pageClock);
  const choice = new RunChoiceState(runChoiceKept);
  const jobKeys = jobKeysIn(storage.vault);
  const jobs: LazyJobs = new LazyJobs({
    ...{ host, devices, keys: jobKeys, choice, today, secure: window.isSecureContext },
    make: async () => {
      const { jobsOfHost } = await import('./jobs-of-host.ts');
      return jobsOfHost({ key, keys: jobKeys, choice, devices, updates, notices, questions });
    },
    noHost: () => notices.show({ kind: 'host-job', text: LINK_NEEDS_HOST }),
  });
  const updates: UpdatesState = new UpdatesState({
    run: async function* (plan, ports, controls) {
      const { runAnyUpdate } = await import('./update/run-any-update.ts');
      yield* runAnyUpdate(plan, ports, controls);
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
  const discovery = new DiscoveryState(
    async () => (await hostOffers()).askForDevices((url) => key.fetch(url, { method: 'POST' })),
    async (device) => (await import('./state/device/found-devices.ts')).tellMore(device, askSelf),
  );
  const activity = lazy(async () => (await import('./at-work.ts')).atWork({ devices, updates, today }));
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
      const onHost: RolloutHost = {
        ...{ jobs, keys: jobKeys },
        make: async (view) => {
          const { rolloutsOfHost } = await import('./jobs-of-host.ts');
          return rolloutsOfHost({ view, jobs, keys: jobKeys, devices, firmware, questions, notices });
        },
      };
      const made = new RolloutsState({ ...parts, describe: await describe(), clock: pageClock, trouble, host: onHost });
      (await activity()).followRollout(made.$rollout);
      return made;
    },
  });
  const watch = lazy(async () => {
    const watched = await import('./state/firmware/watched-file.ts');
    const { watchableFiles } = await import('./page/file.ts');
    const { WatchedHandle } = await import('./storage/watched-handle.ts');
    await import('./ui/firmware/watch-pill.ts');
    const state = new watched.WatchState({
      files: watchableFiles(pageClock, new WatchedHandle()),
      clock: pageClock,
      // A rollout holds a lock, too, from its first question to its end.
      anyTabUpdates: anyTabHoldsADevice,
      ...{ devices, firmware, updates, notices },
    });
    (await activity()).followWatch(state.$watch);
    // Watched for as long as the page is open; nobody waits for its end.
    state.restore().catch(trouble);
    return state;
  });
  const setup = {
    newToken: () => hex(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES))),
    linesFor: async (asked: LinesAsked) => (await ways()).linesFor(asked),
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
    watch,
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
