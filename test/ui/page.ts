/** The real page over memory and a simulated device: everything but `main.ts` is what ships. */
import { setupWorker, type SetupWorker } from 'msw/browser';
import { parseAddress, parsePrefix } from '../../src/device/address.ts';
import { setupLines } from '../../src/device/viperhttp/device-lines.ts';
import { openByAnyRoute } from '../../src/device/route.ts';
import { KNOWN_CHIPS } from '../../src/model/chips.ts';
import { sha256 } from '../../src/firmware/bytes/digest.ts';
import { takeOut } from '../../src/firmware/container/inside.ts';
import { inspect } from '../../src/firmware/inspect.ts';
import { noCosts } from '../../src/simulator/clock.ts';
import { handlersFor } from '../../src/simulator/msw-handlers.ts';
import type { SimulatedDevice } from '../../src/simulator/simulated-device.ts';
import { tabFleet, type TabFleet } from '../../src/simulator/tab-fleet.ts';
import { HostState, type WholeApp } from '../../src/state/app.ts';
import { ChecksState } from '../../src/state/device/checks.ts';
import { DevicesState } from '../../src/state/device/devices.ts';
import { DiscoveryState } from '../../src/state/device/discovery.ts';
import { DoctorState, type Finding } from '../../src/state/device/doctor.ts';
import { FirmwareState } from '../../src/state/firmware/firmware.ts';
import { HistoryState } from '../../src/state/update/history.ts';
import { HostKey } from '../../src/page/host-key.ts';
import { InstallationState } from '../../src/state/installation.ts';
import { LibraryState } from '../../src/state/firmware/library.ts';
import { NoticesState } from '../../src/state/notices.ts';
import { RolloutDoor } from '../../src/state/rollout/rollout-door.ts';
import { RolloutsState } from '../../src/state/rollout/rollouts.ts';
import { pageClock } from '../../src/page/clock.ts';
import { watchableFiles } from '../../src/page/file.ts';
import { pageConnectivity } from '../../src/page/connectivity.ts';
import type { TokenVault } from '../../src/model/stores.ts';
import { PairingState } from '../../src/state/pairing.ts';
import { QuestionsState } from '../../src/state/questions.ts';
import { Recorder } from '../../src/state/update/recorder.ts';
import type { AskSelf } from '../../src/state/device/self-told.ts';
import type { HandOver, LinesAsked, LinkTo } from '../../src/state/tools.ts';
import { TokenLockState, type PassphraseLock } from '../../src/state/device/token-lock.ts';
import { WatchState } from '../../src/state/firmware/watched-file.ts';
import { UpdatesState } from '../../src/state/update/updates.ts';
import { writeBackup } from '../../src/storage/backup.ts';
import { readImport } from '../../src/storage/read-import.ts';
import {
  MemoryDevices,
  MemoryFirmwareLibrary,
  MemoryHistory,
  MemoryJournal,
  MemoryRollouts,
  MemoryVault,
} from '../../src/storage/memory.ts';
import { openFromLink, sealForLink } from '../../src/storage/vault/handed-token.ts';
import { newId } from '../../src/storage/vault/seal.ts';
import { MoultApp } from '../../src/ui/shell/moult-app.ts';
import { tokens } from '../../src/ui/kit/theme.ts';
import { describe as inWords } from '../../src/words/describe.ts';
import { placeOf } from '../../src/model/device.ts';
import { isInTab } from '../../src/model/in-tab.ts';
import { runUpdate } from '../../src/update/run-update.ts';
import type { FoundDevice, HostOffers, KeptHandles } from '../../src/model/page-ports.ts';
import type { AddressReading } from '../../src/model/address-reading.ts';
import type { BackupTools } from '../../src/model/backup.ts';

const KEPT_NOWHERE: KeptHandles = {
  read: async () => null,
  write: async () => undefined,
  clear: async () => undefined,
};

/** Devices in the tab that cost no time: what they do is the same. */
const SWIFT = { costs: noCosts, awayMs: 50 };

export const ADDRESS = 'kitchen.test';
export const ORIGIN = `http://${ADDRESS}:8080`;

/** MSW answers for the device; any other request to another origin is an error. */
export async function startWorker(): Promise<SetupWorker> {
  const worker = setupWorker();
  await worker.start({
    quiet: true,
    onUnhandledRequest: ({ url }, print) => {
      if (new URL(url).origin !== location.origin) print.error();
    },
  });
  return worker;
}

export interface OpenPage {
  readonly app: WholeApp;
  readonly shell: MoultApp;
  readonly journal: MemoryJournal;
  readonly historyStore: MemoryHistory;
  readonly deviceStore: MemoryDevices;
  close(): void;
}

function readAddress(typed: string): AddressReading {
  const parsed = parseAddress(typed);
  return parsed.ok && !parsed.hasPath ? { ...parsed, prefix: null } : parsed;
}

const ANSWERS: Finding = {
  kind: 'answers',
  sentence: 'The device answers.',
  remedy: { kind: 'try-again', label: 'Try again' },
};

export async function openPage(
  given: {
    readonly host?: HostOffers;
    /** The host's sample firmware. */
    readonly sample?: () => Promise<File | null>;
    readonly journal?: MemoryJournal;
    readonly rollouts?: MemoryRollouts;
    readonly vault?: TokenVault;
    readonly lock?: PassphraseLock;
    /** Whether the page is a secure context. */
    readonly secure?: boolean;
    /** What the doctor says. */
    /** Absent: no device tells anything of itself. */
    readonly askSelf?: AskSelf;
    readonly finding?: Finding;
    readonly found?: readonly FoundDevice[];
    /** Where a watched file is kept; absent: nowhere. */
    readonly handles?: KeptHandles;
    /** Absent: the real one. */
    readonly simulator?: WholeApp['simulator'];
  } = {},
): Promise<OpenPage> {
  const notices = new NoticesState();
  const questions = new QuestionsState();
  const journal = given.journal ?? new MemoryJournal();
  const today = (): number => Date.now();
  const tokenLock = new TokenLockState(given.lock ?? null);
  const deviceStore = new MemoryDevices();
  const devices = new DevicesState({
    store: deviceStore,
    vault: given.vault ?? new MemoryVault(),
    opened: () => tokenLock.opened(),
    readAddress,
    readPrefix: parsePrefix,
    newId,
    today,
  });
  const library = new LibraryState(new MemoryFirmwareLibrary({ needed: async () => new Set() }), notices);
  const firmware = new FirmwareState({
    inspect: (bytes, signal) => inspect(bytes, { signal }),
    digest: (bytes, { signal, progress }) =>
      sha256(bytes, { signal, onProgress: (share) => progress(share * bytes.length) }),
    unpack: (bytes, inner) => takeOut(bytes, inner),
    library,
    notices,
    today,
  });
  const historyStore = new MemoryHistory();
  const history = new HistoryState(historyStore, notices);
  const now = (): number => pageClock.now();
  const recorder = new Recorder({ keep: (entry) => history.keep(entry), newId, now, today });
  let simulator: TabFleet | null = null;
  const linkTo: LinkTo = (device, { token, login }) =>
    openByAnyRoute(
      { ...device, token: token ?? '', login, gateway: null },
      {
        fetch: (url, init) =>
          isInTab(new URL(url)) && simulator !== null ? simulator.fetch(url, init) : fetch(url, init),
        clock: pageClock,
        observe: (request) => recorder.seesRequest(device.id, request),
      },
      () => undefined,
    );
  const lock = { acquire: async () => () => undefined };
  const askSelf = given.askSelf ?? (async () => null);
  const checks = new ChecksState({ askSelf, linkTo, devices, describe: inWords, lock, today });
  const updates = new UpdatesState({
    run: runUpdate,
    linkTo,
    ports: { clock: pageClock, random: Math.random, journal, connectivity: pageConnectivity },
    describe: inWords,
    lock,
    busy: { set: () => undefined },
    ...{ devices, firmware, library, checks, recorder, questions, notices, today },
  });
  const rolloutStore = given.rollouts ?? new MemoryRollouts();
  const rollouts = new RolloutDoor({
    ...{ store: rolloutStore, notices },
    show: () => (location.hash = '#/rollout'),
    make: async () =>
      new RolloutsState({
        ...{ devices, updates, checks, firmware, library, journal, linkTo, questions },
        store: rolloutStore,
        describe: inWords,
        lock,
        clock: pageClock,
        trouble: (error) => {
          throw error;
        },
      }),
  });
  const host = new HostState(async () => given.host ?? null, given.sample);
  const key = new HostKey({ read: async () => null, write: async () => undefined }, location.origin);
  const pairing = new PairingState({
    key,
    calls: () => import('../../src/page/pair-calls.ts'),
    host,
    notices,
    tokenLock,
  });
  const handOver: HandOver = {
    seal: (token, device) => sealForLink(crypto.subtle, token, placeOf(device)),
    open: async (sealed, code, address) => {
      const read = parseAddress(address);
      return read.ok ? openFromLink(crypto.subtle, sealed, code, placeOf(read)) : null;
    },
  };
  const setup = {
    newToken: () => 'ab'.repeat(32),
    linesFor: (asked: LinesAsked) => setupLines({ ...asked, pageOrigin: location.origin }),
    chips: KNOWN_CHIPS,
    secure: given.secure ?? true,
    ...(given.secure !== false && { handOver }),
  };
  const diagnose = async (): Promise<Finding> => given.finding ?? ANSWERS;
  const doctor = new DoctorState({ devices, checks, updates, diagnose, allow: async () => undefined });
  const discovery = new DiscoveryState(async () => given.found ?? null);
  const installation = new InstallationState({
    installer: { way: 'installed', onChange: () => undefined, ask: async () => undefined },
    notices,
    offeredBefore: () => true,
    version: '0.0.0-test',
  });
  const subtle = given.secure === false ? null : crypto.subtle;
  const originOf = (typed: string): string | null => {
    const read = parseAddress(typed);
    return read.ok ? read.origin : null;
  };
  const backup: BackupTools = {
    write: (saved, tokens) => writeBackup(saved, tokens, { subtle, now: today() }),
    read: (file, saved, passphrase) =>
      readImport(file, { subtle, now: today(), devices: saved, passphrase, originOf, readAddress }),
  };
  const anyTabUpdates = async (): Promise<boolean> => false;
  const watching = new WatchState({
    files: watchableFiles(pageClock, given.handles ?? KEPT_NOWHERE),
    clock: pageClock,
    devices,
    firmware,
    updates,
    notices,
    anyTabUpdates,
  });
  const app: WholeApp = {
    ...{ askSelf, doctor, discovery, rollouts },
    devices,
    firmware,
    library,
    updates,
    checks,
    history,
    recorder,
    notices,
    questions,
    host,
    pairing,
    setup,
    backup,
    tokenLock,
    watch: async () => {
      await import('../../src/ui/firmware/watch-pill.ts');
      return watching;
    },
    simulator: given.simulator ?? (async () => (simulator ??= tabFleet(SWIFT))),
    installation,
  };
  if (given.handles !== undefined) void app.watch().then(() => watching.restore());
  if (tokens.styleSheet !== undefined) document.adoptedStyleSheets = [tokens.styleSheet];
  const shell = new MoultApp();
  shell.app = app;
  document.body.append(shell);
  await Promise.all([devices.load(), library.load(), pairing.load(null)]);
  await tokenLock.load(() => devices.loadKeeping());
  await rollouts.offer();
  await shell.updateComplete;
  return {
    app,
    shell,
    journal,
    historyStore,
    deviceStore,
    close: () => {
      shell.remove();
      window.history.replaceState(null, '', '#/devices');
    },
  };
}

/** Serves `device` at `ADDRESS`. */
export function serve(worker: SetupWorker, device: SimulatedDevice): void {
  worker.resetHandlers(...handlersFor(device, ORIGIN));
}
