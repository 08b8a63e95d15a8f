/** The stores that cards draw from, over memory: what ships, with nothing around it. */
import { parseAddress, parsePrefix } from '../../src/device/address.ts';
import { openByAnyRoute } from '../../src/device/route.ts';
import { sha256 } from '../../src/firmware/bytes/digest.ts';
import { takeOut } from '../../src/firmware/container/inside.ts';
import { inspect } from '../../src/firmware/inspect.ts';
import { noCosts } from '../../src/simulator/clock.ts';
import { tabFleet, type TabFleet } from '../../src/simulator/tab-fleet.ts';
import type { WholeApp } from '../../src/state/app.ts';
import { HostState } from '../../src/state/host.ts';
import { ChecksState } from '../../src/state/device/check/checks.ts';
import { FitsState } from '../../src/state/device/fits.ts';
import { DevicesState } from '../../src/state/device/devices.ts';
import { DoctorState } from '../../src/state/device/doctor/doctor.ts';
import type { DoctorWords } from '../../src/state/device/doctor/doctor-view.ts';
import { FirmwareState } from '../../src/state/firmware/firmware.ts';
import { HistoryState } from '../../src/state/update/history.ts';
import { LibraryState } from '../../src/state/firmware/library.ts';
import { NoticesState } from '../../src/state/notices.ts';
import { pageClock } from '../../src/page/clock.ts';
import { uploadByXhr } from '../../src/page/upload.ts';
import { pageConnectivity } from '../../src/page/connectivity.ts';
import type { Diagnosis } from '../../src/model/device/diagnosis.ts';
import type { TokenVault } from '../../src/model/page/stores.ts';
import { QuestionsState } from '../../src/state/questions.ts';
import { jobCalls } from '../../src/page/host/job-calls.ts';
import { JobsState } from '../../src/state/jobs/jobs.ts';
import { LazyJobs } from '../../src/state/jobs/lazy-jobs.ts';
import { RunChoiceState } from '../../src/state/jobs/run-choice.ts';
import { LINK_NEEDS_HOST } from '../../src/words/kit/host-link.ts';
import type { JobKeys, KeptJob } from '../../src/model/page/job-calls.ts';
import { Recorder } from '../../src/state/update/recorder.ts';
import type { AskSelf } from '../../src/state/device/check/ask-self.ts';
import { listings } from '../../src/state/device/check/listings.ts';
import type { LinkTo } from '../../src/state/tools.ts';
import { TokenLockState, type PassphraseLock } from '../../src/state/device/secrets/token-lock.ts';
import { UpdatesState } from '../../src/state/update/updates.ts';
import { MemoryDevices, MemoryFirmwareLibrary, MemoryHistory, MemoryJournal } from '../../src/storage/memory.ts';
import { MemoryVault } from '../../src/storage/vault/memory-vault.ts';
import { newId } from '../../src/storage/vault/seal.ts';
import { describeAny as inWords } from '../../src/words/update/describe-any.ts';
import { doctorWords } from '../../src/words/device/doctor.ts';
import { fileWords } from '../../src/words/firmware/file-words.ts';
import { runAnyUpdate } from '../../src/update/run-any-update.ts';
import type { AddressReading } from '../../src/model/device/address-reading.ts';
import { isInTab } from '../../src/model/page/in-tab.ts';
import type { DeviceLock, HostOffers } from '../../src/model/page/page-ports.ts';

const ANSWERS: Diagnosis = { kind: 'answers', prefix: '/ota', host: 'a device', remedy: { kind: 'try-again' } };

/** Devices in the tab that cost no time: what they do is the same. */
const SWIFT = { costs: noCosts, awayMs: 50 };

export interface GivenToStores {
  readonly host?: HostOffers;
  /** The host's sample firmware. */
  readonly sample?: () => Promise<File | null>;
  readonly journal?: MemoryJournal;
  readonly vault?: TokenVault;
  readonly lock?: PassphraseLock;
  /** Absent: no device tells anything of itself. */
  readonly askSelf?: AskSelf;
  /** What the doctor says. */
  readonly finding?: Diagnosis;
  /** Absent: the real one. */
  readonly simulator?: WholeApp['simulator'];
}

export interface MadeStores {
  readonly askSelf: AskSelf;
  readonly checks: ChecksState;
  readonly devices: DevicesState;
  readonly deviceStore: MemoryDevices;
  readonly doctor: DoctorState;
  readonly firmware: FirmwareState;
  readonly fits: FitsState;
  readonly history: HistoryState;
  readonly historyStore: MemoryHistory;
  readonly host: HostState;
  readonly journal: MemoryJournal;
  readonly library: LibraryState;
  readonly linkTo: LinkTo;
  readonly notices: NoticesState;
  readonly questions: QuestionsState;
  readonly recorder: Recorder;
  readonly simulator: WholeApp['simulator'];
  readonly tokenLock: TokenLockState;
  readonly updates: UpdatesState;
  readonly jobs: LazyJobs;
  /** The keys of jobs that this browser keeps, by device. */
  readonly jobKeys: Map<string, KeptJob>;
  readonly keys: JobKeys;
}

/** Nobody else holds a device. */
export const freeLock: DeviceLock = { acquire: async () => () => undefined };

export function readAddress(typed: string): AddressReading {
  const parsed = parseAddress(typed);
  return parsed.kind === 'address' && !parsed.hasPath ? { ...parsed, prefix: null } : parsed;
}

export function makeStores(given: GivenToStores = {}): MadeStores {
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
    words: () => Promise.resolve(fileWords),
    library,
    notices,
    today,
  });
  const historyStore = new MemoryHistory();
  const history = new HistoryState(historyStore, notices);
  const now = (): number => pageClock.now();
  const recorder = new Recorder({ keep: (entry) => history.keep(entry), newId, now, today });
  let fleet: TabFleet | null = null;
  const simulator = given.simulator ?? (async () => (fleet ??= tabFleet(SWIFT)));
  const linkTo: LinkTo = (device, { token, login }) =>
    openByAnyRoute(
      { ...device, token: token ?? '', login, gateway: null },
      {
        fetch: (url, init) => (isInTab(new URL(url)) && fleet !== null ? fleet.fetch(url, init) : fetch(url, init)),
        clock: pageClock,
        observe: (request) => recorder.seeRequest(device.id, request),
      },
      () => undefined,
    );
  const askSelf = given.askSelf ?? (async () => null);
  const checks = new ChecksState({
    askListed: listings(askSelf),
    linkTo,
    devices,
    describe: async () => inWords,
    lock: freeLock,
    today,
  });
  const fits = new FitsState({ devices, firmware, checks });
  const host = new HostState(async () => given.host ?? null, given.sample);
  const jobKeys = new Map<string, KeptJob>();
  const keys: JobKeys = {
    read: async (id) => jobKeys.get(id) ?? null,
    write: async (id, kept) => void jobKeys.set(id, kept),
    remove: async (id) => void jobKeys.delete(id),
  };
  const choice = new RunChoiceState({ read: () => ({ where: 'host', goesOnByItself: false }), write: () => undefined });
  const jobs: LazyJobs = new LazyJobs({
    ...{ host, devices, keys, choice, today, secure: true },
    make: async () =>
      new JobsState({
        ...{ keys, choice, devices, updates, notices, questions, newId },
        ...{ clock: pageClock, connectivity: pageConnectivity },
        calls: jobCalls(
          (url, init) => fetch(url, init),
          pageClock,
          (request) => uploadByXhr({ ...request, url: new URL(request.url, location.origin).href }),
        ),
        random: Math.random,
        newRef: () => ({ id: newId(), key: 'A'.repeat(22) }),
      }),
    noHost: () => notices.show({ kind: 'host-job', text: LINK_NEEDS_HOST }),
  });
  const updates: UpdatesState = new UpdatesState({
    run: runAnyUpdate,
    linkTo,
    ports: { clock: pageClock, random: Math.random, journal, connectivity: pageConnectivity },
    describe: async () => inWords,
    lock: freeLock,
    busy: { set: () => undefined },
    ...{ devices, firmware, fits, library, checks, recorder, questions, notices, today, host: jobs },
  });
  const diagnose = async (): Promise<Diagnosis> => given.finding ?? ANSWERS;
  const words = async (): Promise<DoctorWords> => doctorWords;
  const doctor = new DoctorState({ devices, checks, updates, diagnose, words, allow: async () => undefined });
  return {
    ...{
      askSelf,
      checks,
      devices,
      deviceStore,
      doctor,
      firmware,
      fits,
      history,
      historyStore,
      host,
      journal,
      library,
      linkTo,
      notices,
    },
    ...{ questions, recorder, simulator, tokenLock, updates, jobs, jobKeys, keys },
  };
}
