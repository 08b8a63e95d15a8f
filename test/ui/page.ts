/** The real page over memory and a simulated device: everything but `main.ts` is what ships. */
import type { SetupWorker } from 'msw/browser';
import { parseAddress } from '../../src/device/address.ts';
import { setupLines } from '../../src/device/viperhttp/device-lines.ts';
import { KNOWN_CHIPS } from '../../src/model/firmware/chips.ts';
import { handlersFor } from '../../src/simulator/msw-handlers.ts';
import type { SimulatedDevice } from '../../src/simulator/simulated-device.ts';
import type { WholeApp } from '../../src/state/app.ts';
import { DiscoveryState } from '../../src/state/device/discovery.ts';
import { tellMore } from '../../src/state/device/found-devices.ts';
import { HostKey } from '../../src/page/host/host-key.ts';
import { InstallationState } from '../../src/state/installation.ts';
import { KeysState } from '../../src/state/keys.ts';
import { LazyRollouts } from '../../src/state/rollout/lazy-rollouts.ts';
import { RolloutsState } from '../../src/state/rollout/rollouts.ts';
import { ActivityState } from '../../src/state/activity/activity-state.ts';
import { pageClock } from '../../src/page/clock.ts';
import { watchableFiles } from '../../src/page/file.ts';
import { PairingState } from '../../src/state/pairing.ts';
import { RemovalsState } from '../../src/state/removals.ts';
import type { HandOver, LinesAsked } from '../../src/state/tools.ts';
import { WatchState } from '../../src/state/firmware/watched-file.ts';
import { writeBackup } from '../../src/storage/backup.ts';
import { readImport } from '../../src/storage/read-import.ts';
import type { MemoryDevices, MemoryHistory, MemoryJournal } from '../../src/storage/memory.ts';
import { MemoryRollouts } from '../../src/storage/memory.ts';
import { HostRollouts } from '../../src/state/rollout/host-rollout.ts';
import { newJobRef } from '../../src/page/host/new-job-ref.ts';
import { newId } from '../../src/storage/vault/seal.ts';
import { openFromLink, sealForLink } from '../../src/storage/vault/handed-token.ts';
import { MoultApp } from '../../src/ui/shell/moult-app.ts';
import { tokens } from '../../src/ui/kit/style/tokens.ts';
import { describeAny as inWords } from '../../src/words/update/describe-any.ts';
import type { Clock } from '../../src/model/clock.ts';
import { placeOf } from '../../src/model/device/device.ts';
import type { Notifier } from '../../src/model/page/attention.ts';
import type { FoundDevice } from '../../src/model/device/found-device.ts';
import type { KeptHandles } from '../../src/model/page/page-ports.ts';
import type { BackupTools } from '../../src/model/page/backup.ts';
import { freeLock, makeStores, readAddress, type GivenToStores, type MadeStores } from './stores.ts';

const KEPT_NOWHERE: KeptHandles = {
  read: async () => null,
  write: async () => undefined,
  clear: async () => undefined,
};

export const ADDRESS = 'kitchen.test';
export const ORIGIN = `http://${ADDRESS}:8080`;

export interface OpenPage {
  readonly app: WholeApp;
  readonly shell: MoultApp;
  readonly journal: MemoryJournal;
  readonly historyStore: MemoryHistory;
  readonly deviceStore: MemoryDevices;
  readonly jobKeys: MadeStores['jobKeys'];
  close(): void;
}

const NO_NOTIFICATIONS: Notifier = {
  permission: 'unavailable',
  ask: async () => false,
  show: async () => undefined,
  offeredBefore: () => true,
};

export interface GivenToPage extends GivenToStores {
  readonly rollouts?: MemoryRollouts;
  /** For how long a removal can be undone. Absent: the page's own. */
  readonly clock?: Pick<Clock, 'sleep'>;
  /** Whether the page is a secure context. */
  readonly secure?: boolean;
  readonly found?: readonly FoundDevice[];
  /** Where a watched file is kept; absent: nowhere. */
  readonly handles?: KeptHandles;
}

export async function openPage(given: GivenToPage = {}): Promise<OpenPage> {
  const stores = makeStores(given);
  const { askSelf, checks, devices, deviceStore, doctor, firmware, history, historyStore, host, journal } = stores;
  const { library, linkTo, notices, questions, recorder, simulator, tokenLock, updates, jobs, jobKeys, keys } = stores;
  const today = (): number => Date.now();
  const working = new ActivityState({ devices, updates, today, notifier: NO_NOTIFICATIONS });
  const rolloutStore = given.rollouts ?? new MemoryRollouts();
  const rollouts = new LazyRollouts({
    ...{ store: rolloutStore, notices, host, keys },
    noHost: () => undefined,
    show: () => (location.hash = '#/rollout'),
    make: async () => {
      const made = new RolloutsState({
        ...{ devices, updates, checks, firmware, library, journal, linkTo, questions },
        host: {
          ...{ jobs, keys },
          make: async (view) =>
            new HostRollouts(
              { jobs, keys, notices, devices, firmware, questions, clock: pageClock, newId, newRef: newJobRef },
              view,
            ),
        },
        store: rolloutStore,
        describe: inWords,
        lock: freeLock,
        clock: pageClock,
        trouble: (error) => {
          throw error;
        },
      });
      working.followRollout(made.$rollout);
      return made;
    },
  });
  const key = new HostKey({ read: async () => null, write: async () => undefined }, location.origin);
  const pairing = new PairingState({
    key,
    calls: () => import('../../src/page/host/pair-calls.ts'),
    host,
    notices,
    tokenLock,
  });
  const handOver: HandOver = {
    seal: (token, device) => sealForLink(crypto.subtle, token, placeOf(device)),
    open: async (sealed, code, address) => {
      const read = parseAddress(address);
      return read.kind === 'address' ? openFromLink(crypto.subtle, sealed, code, placeOf(read)) : null;
    },
  };
  const setup = {
    newToken: () => 'ab'.repeat(32),
    linesFor: async (asked: LinesAsked) => setupLines({ ...asked, pageOrigin: location.origin }),
    chips: KNOWN_CHIPS,
    secure: given.secure ?? true,
    ...(given.secure !== false && { handOver }),
  };
  const discovery = new DiscoveryState(
    async () => given.found ?? null,
    (device) => tellMore(device, askSelf),
  );
  const installation = new InstallationState({
    installer: { way: 'installed', onChange: () => undefined, ask: async () => undefined },
    notices,
    offeredBefore: () => true,
    version: '0.0.0-test',
  });
  const subtle = given.secure === false ? null : crypto.subtle;
  const originOf = (typed: string): string | null => {
    const read = parseAddress(typed);
    return read.kind === 'address' ? read.origin : null;
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
  working.followWatch(watching.$watch);
  const app: WholeApp = {
    activity: async () => {
      await import('../../src/ui/shell/status-bar.ts');
      return working;
    },
    ...{ askSelf, doctor, discovery, rollouts },
    devices,
    firmware,
    fits: stores.fits,
    library,
    updates,
    checks,
    history,
    recorder,
    jobs,
    notices,
    questions,
    removals: new RemovalsState(notices, given.clock ?? pageClock),
    host,
    pairing,
    setup,
    backup,
    tokenLock,
    watch: async () => {
      await import('../../src/ui/firmware/watch-pill.ts');
      return watching;
    },
    simulator,
    installation,
    keys: new KeysState({ areOff: () => false, turn: () => undefined }),
  };
  const stop = updates.$running.listen(() => {
    stop();
    void app.activity();
  });
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
    jobKeys,
    historyStore,
    deviceStore,
    close: () => {
      shell.remove();
      // Navigates instead of replacing the entry, since the browser may still be removing a dialog's entry. The next
      // page begins here.
      location.hash = '#/devices';
    },
  };
}

/** Serves `device` at `ADDRESS`. */
export function serve(worker: SetupWorker, device: SimulatedDevice): void {
  worker.resetHandlers(...handlersFor(device, ORIGIN));
}
