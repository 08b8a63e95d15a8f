import type { RunUpdate } from '../../../src/state/tools.ts';
import type { UpdateView } from '../../../src/state/update/update-view.ts';
import type { DeviceStatus } from '../../../src/model/device/link.ts';
import type { UpdateControls } from '../../../src/update/controls.ts';
import { ended, file, givenState, inspection, savedDevice, writing, type Given } from '../given.ts';

/** A saved device, and a file on the screen. */
export async function ready(given: Given = {}) {
  const state = givenState(given);
  const device = await savedDevice(state.devices);
  await state.firmware.choose([file('kitchen.bin')]);
  const seen: UpdateView['kind'][] = [];
  state.updates.$update(device.id).listen(({ kind }) => seen.push(kind));
  return { ...state, device, seen, view: () => state.updates.$update(device.id).get() };
}

/** A run that stands still until it is let go. */
export function held() {
  let go = (): void => undefined;
  const gate = new Promise<void>((resolve) => (go = resolve));
  let runs = 0;
  return {
    runs: () => runs,
    go: () => go(),
    run: (...[, , controls]: Parameters<RunUpdate>) => standing(controls),
  };
  async function* standing(controls: UpdateControls) {
    runs += 1;
    yield writing;
    const cancelled = new Promise((resolve) => controls.cancelled.addEventListener('abort', resolve));
    await Promise.race([gate, cancelled]);
    yield controls.cancelled.aborted ? ended({ outcome: 'cancelled', deviceIdle: true, oldFirmware: 'runs' }) : ended();
  }
}

/** Lets everything that is ready to happen happen. */
export const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** Inspects every file as one for this chip. */
export const ofChip = (chip: number) => async () => inspection({ chip: { id: chip, name: 'ESP32-S3', known: true } });

/** Told by the device, so that the update slot is this large, in bytes. */
export const status = (size: number, of: Partial<DeviceStatus> = {}): DeviceStatus => ({
  ...{ supported: true, session: null, boot: null, lastTaken: null },
  running: { label: 'ota_0', address: 0x10000, size },
  next: { label: 'ota_1', address: 0x110000, size },
  ...of,
});
