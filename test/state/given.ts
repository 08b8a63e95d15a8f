/** Stand-ins for the other rooms, each whole; a test names only what it is about. */
import { anInspection as inspection } from '../firmware/an-inspection.ts';
import { parsePrefix } from '../../src/device/address.ts';
import { ChecksState } from '../../src/state/device/check/checks.ts';
import { DevicesState } from '../../src/state/device/devices.ts';
import { DEFAULT_PREFIX, DEFAULT_TOKEN_HEADER, type DeviceForm } from '../../src/state/device/read-form.ts';
import { FitsState } from '../../src/state/device/fits.ts';
import { FirmwareState } from '../../src/state/firmware/firmware.ts';
import { HistoryState } from '../../src/state/update/history.ts';
import { LibraryState } from '../../src/state/firmware/library.ts';
import { NoticesState } from '../../src/state/notices.ts';
import { QuestionsState } from '../../src/state/questions.ts';
import { Recorder } from '../../src/state/update/recorder.ts';
import type { FirmwareLibrary, HistoryStore, TokenVault } from '../../src/model/page/stores.ts';
import type { AskSelf } from '../../src/state/device/check/ask-self.ts';
import { listings } from '../../src/state/device/check/listings.ts';
import type { DigestFile, InspectFile, LinkTo, LoadDescribe, ReadAddress, RunUpdate } from '../../src/state/tools.ts';
import type { LazyJobs } from '../../src/state/jobs/lazy-jobs.ts';
import { UpdatesState } from '../../src/state/update/updates.ts';
import { noProgress } from '../../src/state/update/update-view.ts';
import { MemoryDevices, MemoryFirmwareLibrary, MemoryHistory, MemoryJournal } from '../../src/storage/memory.ts';
import { MemoryVault } from '../../src/storage/vault/memory-vault.ts';
import { describe as inWords } from '../../src/words/update/describe.ts';
import { fileWords } from '../../src/words/firmware/file-words.ts';
import type { Journal } from '../../src/model/update/journal.ts';
import type { DeviceLink } from '../../src/model/device/link.ts';
import { UpdateError } from '../../src/model/update/update-error.ts';
import { failedBefore } from '../../src/model/update/nothing-sent.ts';
import type { ActiveState, FailedUpdate, Outcome } from '../../src/model/update/update-state.ts';
import type { ChosenFile, DeviceLock } from '../../src/model/page/page-ports.ts';
import { TRAITS } from '../../src/model/device/dialect.ts';

export { inspection };

export const NOW = Date.UTC(2026, 4, 1);

/** A file whose content is its own name. */
export function file(name: string): ChosenFile {
  const bytes = new TextEncoder().encode(name);
  return { name, size: bytes.length, arrayBuffer: () => Promise.resolve(bytes.slice().buffer) };
}

export function form(of: Partial<DeviceForm> = {}): DeviceForm {
  return {
    name: 'Kitchen sensor',
    address: '192.168.1.50',
    token: 'secret',
    keepPlain: false,
    protocol: 'automatic',
    prefix: DEFAULT_PREFIX,
    tokenHeader: DEFAULT_TOKEN_HEADER,
    chipId: null,
    ...of,
  };
}

export const readAddress: ReadAddress = (typed) => {
  const slash = typed.replace('://', ':  ').indexOf('/');
  const host = slash === -1 ? typed : typed.slice(0, slash);
  return typed.includes(' ')
    ? { kind: 'spaces' }
    : { kind: 'address', origin: `http://${host}:8080`, prefix: slash === -1 ? null : typed.slice(slash) };
};

/** The name of the file in hex: the same bytes have the same hash, and other bytes another. */
export const digest: DigestFile = (bytes) =>
  Promise.resolve(
    Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
      .join('')
      .padEnd(64, '0'),
  );

export const writing: ActiveState = {
  phase: 'writing',
  startedOver: null,
  dialect: 'shipped',
  progress: { ...noProgress(8), acknowledged: 4, chunkBytes: 4 },
};

export function ended(of: Partial<Outcome> = {}): Outcome {
  const common = { phase: 'ended', dialect: 'shipped', durationMs: 1000 } as const;
  const progress = { ...noProgress(8), acknowledged: 8, chunkBytes: 16_384 };
  return { ...common, progress, outcome: 'updated', slot: 'ota_1', markedValid: true, ...of } as Outcome;
}

export function failed(of: Partial<FailedUpdate>): Outcome {
  return failedBefore('shipped', 8, { code: 'unreachable', durationMs: 1000, ...of });
}

const nothing = (): Promise<never> => Promise.reject(new UpdateError('unreachable'));
export const deadLink: DeviceLink = {
  dialect: 'shipped',
  traits: TRAITS.shipped,
  certain: true,
  tellsStatus: true,
  firstChunkBytes: 3072,
  route: 'direct',
  status: nothing,
  begin: nothing,
  write: nothing,
  finalize: nothing,
  abort: nothing,
  markValid: nothing,
};

export interface Given {
  readonly run?: RunUpdate;
  readonly linkTo?: LinkTo;
  readonly askSelf?: AskSelf;
  /** Absent: the words are there at once. */
  readonly describe?: LoadDescribe;
  readonly lock?: DeviceLock;
  readonly inspect?: InspectFile;
  readonly digest?: DigestFile;
  readonly journal?: Journal;
  readonly history?: HistoryStore;
  readonly vault?: TokenVault;
  readonly readAddress?: ReadAddress;
  readonly library?: FirmwareLibrary;
  /** What runs updates on the host; absent: the page runs all of them. */
  readonly host?: (made: {
    readonly devices: DevicesState;
    readonly notices: NoticesState;
    readonly questions: QuestionsState;
    /** Not before the first need. */
    readonly updates: () => UpdatesState;
  }) => LazyJobs;
  /** The answer of whoever is asked for a passphrase. */
  readonly opened?: () => Promise<boolean>;
  /** Absent: it stays `NOW`. */
  readonly today?: () => number;
}

/** All of the state, with its stores in memory. */
export function givenState(given: Given = {}) {
  const notices = new NoticesState();
  const questions = new QuestionsState();
  const busy: boolean[] = [];
  const store = new MemoryDevices();
  const vault = given.vault ?? new MemoryVault();
  const journal = given.journal ?? new MemoryJournal();
  let made = 0;
  const today = given.today ?? (() => NOW);
  const newId = (): string => `device-${(made += 1)}`;
  const { opened } = given;
  const devices = new DevicesState({
    store,
    vault,
    readAddress: given.readAddress ?? readAddress,
    readPrefix: parsePrefix,
    newId,
    today,
    ...(opened && { opened }),
  });
  const firmwareLibrary = given.library ?? new MemoryFirmwareLibrary({ needed: async () => new Set() });
  const library = new LibraryState(firmwareLibrary, notices);
  const firmware = new FirmwareState({
    inspect: given.inspect ?? (async (bytes) => inspection({ size: bytes.length })),
    digest: given.digest ?? digest,
    unpack: async (bytes) => ({ kind: 'taken', bytes: bytes.subarray(1) }),
    words: () => Promise.resolve(fileWords),
    library,
    notices,
    today,
  });
  const historyStore = given.history ?? new MemoryHistory();
  const history = new HistoryState(historyStore, notices);
  let clock = 0;
  // Each look at the clock is a second later.
  const now = (): number => (clock += 1000);
  const recorder = new Recorder({ keep: (entry) => history.keep(entry), newId, now, today });
  const linkTo = given.linkTo ?? (() => async () => deadLink);
  const lock = given.lock ?? { acquire: async () => () => undefined };
  const { askSelf } = given;
  const checks = new ChecksState({
    ...(askSelf && { askListed: listings(askSelf) }),
    linkTo,
    devices,
    describe: given.describe ?? (async () => inWords),
    lock,
    today,
  });
  const fits = new FitsState({ devices, firmware, checks });
  const jobs = given.host?.({ devices, notices, questions, updates: () => updates });
  const updates: UpdatesState = new UpdatesState({
    run:
      given.run ??
      async function* () {
        yield writing;
        yield ended();
      },
    linkTo,
    ports: {
      clock: { now: () => 0, date: () => NOW, sleep: async () => undefined },
      random: () => 0.5,
      journal,
      connectivity: { online: () => true, changed: async () => undefined },
    },
    describe: async () => inWords,
    lock,
    busy: { set: (now) => busy.push(now) },
    ...{ devices, firmware, fits, library, checks, recorder, questions, notices, today },
    ...(jobs === undefined ? {} : { host: jobs }),
  });
  return {
    notices,
    questions,
    devices,
    library,
    firmware,
    fits,
    checks,
    history,
    recorder,
    updates,
    jobs,
    store,
    vault,
    journal,
    busy,
  };
}

/** Saves a device and returns it. `id`: of a saved one that is to be changed. */
export async function savedDevice(devices: DevicesState, of: Partial<DeviceForm> = {}, id?: string) {
  const result = await devices.save(form(of), id);
  if (result.kind === 'wrong') throw new Error(result.wrongs[0].problem.kind);
  return result.device;
}
