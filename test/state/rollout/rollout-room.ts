/**
 * A rollout of the page, with devices of which a test says which are off, what each answers and how its update ends.
 */
import type { LinkTo } from '../../../src/state/tools.ts';
import { RolloutsState } from '../../../src/state/rollout/rollouts.ts';
import { MemoryRollouts } from '../../../src/storage/memory.ts';
import { describe as inWords } from '../../../src/words/update/describe.ts';
import type { UpdateControls } from '../../../src/update/controls.ts';
import type { FileTells } from '../../../src/model/firmware/inspection.ts';
import type { DeviceLink, DeviceStatus } from '../../../src/model/device/link.ts';
import type { RolloutOptions } from '../../../src/model/rollout/rollout-record.ts';
import type { Outcome } from '../../../src/model/update/update-state.ts';
import { UpdateError } from '../../../src/model/update/update-error.ts';
import { deadLink, ended, file, givenState, inspection, NOW, savedDevice, writing } from '../given.ts';
import type { RolloutView } from '../../../src/model/rollout/rollout-view.ts';

export const ALL_AT_ONCE: RolloutOptions = { firstWave: 0, width: 8, stopAt: { failures: null, share: null } };

export const idle: DeviceStatus = {
  supported: true,
  session: null,
  running: { label: 'ota_0', address: null, size: 4096 },
  boot: { label: 'ota_0', address: null, size: 4096 },
  next: { label: 'ota_1', address: null, size: 4096 },
  lastTaken: null,
};

/** Devices that are off or answer as the test says, and updates that end when it says so. */
export async function given(
  count: number,
  of: {
    readonly lock?: boolean;
    readonly store?: MemoryRollouts;
    readonly opened?: () => Promise<boolean>;
    /** Devices that all have this one's address. */
    readonly twins?: boolean;
    /** The file shows no sign of MicroPython. */
    readonly foreign?: boolean;
    /** What the file says it is. */
    readonly tells?: FileTells;
    /** A question to this device waits for it. */
    readonly answering?: (name: string) => Promise<void>;
  } = {},
) {
  const off = new Set<string>();
  const says = new Map<string, DeviceStatus>();
  const running = new Map<string, { readonly controls: UpdateControls; end(outcome: Outcome): void }>();
  const sent: Uint8Array[] = [];
  const asked: string[] = [];
  const linkOf = (name: string): DeviceLink => ({
    ...deadLink,
    status: async ({ signal }) => {
      asked.push(name);
      await of.answering?.(name);
      if (signal.aborted) throw new UpdateError('aborted');
      return says.get(name) ?? idle;
    },
  });
  const linkTo: LinkTo =
    ({ name }) =>
    async () => {
      if (off.has(name)) throw new UpdateError('unreachable');
      return linkOf(name);
    };
  const { tells } = of;
  /** The places (`placeOf`) of devices that another tab holds. */
  const elsewhere = new Set<string>();
  const state = givenState({
    linkTo,
    lock: { acquire: async (place) => (elsewhere.has(place) ? null : () => undefined) },
    ...(of.opened && { opened: of.opened }),
    ...(of.foreign && {
      inspect: async () => inspection({ warnings: [{ reason: 'no-micropython' }] }),
    }),
    ...(tells && { inspect: async () => inspection({ tells }) }),
    run: async function* ({ deviceId, bytes }, _ports, controls) {
      sent.push(bytes);
      yield writing;
      yield await new Promise<Outcome>((resolve) => {
        running.set(deviceId, { controls, end: resolve });
        controls.cancelled.addEventListener('abort', () =>
          resolve(ended({ outcome: 'cancelled', deviceIdle: true, oldFirmware: 'runs', begun: true })),
        );
      });
    },
  });
  const devices = [];
  for (let at = 0; at < count; at += 1) {
    devices.push(await savedDevice(state.devices, { name: `Sensor ${at}`, address: `192.168.1.${at}` }));
  }
  if (of.twins) {
    // Saving refuses an address that is there already; a database of an older version may still hold it twice.
    const [first] = devices;
    for (const each of devices) await state.store.save({ ...each, ...(first && { origin: first.origin }) });
    await state.devices.load();
  }
  if (of.opened) {
    state.vault.keeping = async (id, place) => ((await state.vault.get(id, place)) === null ? null : 'encrypted');
    await state.devices.loadKeeping();
  }
  await state.firmware.choose([file('kitchen.bin')]);
  const store = of.store ?? new MemoryRollouts();
  const troubles: unknown[] = [];
  const held = new Set<string>();
  const clock = { now: () => 0, date: () => NOW };
  const rollouts = new RolloutsState({
    ...state,
    linkTo,
    store,
    describe: inWords,
    lock: {
      acquire: async (name) => {
        if (of.lock === false) return null;
        held.add(name);
        return () => held.delete(name);
      },
    },
    clock,
    trouble: (error) => troubles.push(error),
  });
  const ids = devices.map(({ id }) => id);
  const end = async (at: number, outcome: Outcome = ended()): Promise<void> => {
    const run = running.get(ids[at] ?? '');
    if (run === undefined) throw new Error(`device ${at} is not running`);
    running.delete(ids[at] ?? '');
    run.end(outcome);
    await settled();
  };
  return { ...state, rollouts, store, ids, off, elsewhere, says, running, sent, asked, troubles, held, clock, end };
}

/** Everything here settles without timers; one turn of the loop lets all of it. */
export const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

export function lines(view: RolloutView): readonly string[] {
  if (view.kind !== 'running' && view.kind !== 'ended') throw new Error(`there is no rollout, but ${view.kind}`);
  return [...view.state.lines.values()].map((line) => (line.kind === 'ended' ? line.outcome : line.kind));
}
