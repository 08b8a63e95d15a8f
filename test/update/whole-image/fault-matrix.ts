/** What can go wrong with an image that goes whole, by what goes wrong. */
import { onEveryOf, onNthOf } from '../../../src/simulator/whole/faults.ts';
import { wledImage } from '../../../src/simulator/wled/options.ts';
import type { UpdatePlan } from '../../../src/model/update/plan.ts';
import { IMAGE_BYTES, type ShelfOptions, type ShelfWorld } from './shelf-world.ts';

export interface Trouble {
  readonly lamp?: ShelfOptions;
  readonly plan?: Partial<UpdatePlan>;
  readonly arrange?: (world: ShelfWorld) => void;
}

const HALF = { bytes: IMAGE_BYTES / 2 };
/** A file that says nothing of itself. */
const UNNAMED = wledImage({ version: 'x', release: 'x' }, IMAGE_BYTES).fill(7, 200, 900);

const atUpload = (fault: Parameters<typeof onNthOf>[2]): Trouble => ({
  arrange: ({ device }) => void (device.fault = onNthOf('update', 1, fault)),
});
const atEveryUpload = (fault: Parameters<typeof onEveryOf>[1]): Trouble => ({
  arrange: ({ device }) => void (device.fault = onEveryOf('update', fault)),
});

/** Does it once, at the first state in the middle of the body. */
function inTheBody(act: (world: ShelfWorld) => void): Trouble {
  return {
    arrange: (world) => {
      let done = false;
      world.onState = ({ phase, progress }) => {
        if (done || phase !== 'writing' || progress.acknowledged < IMAGE_BYTES / 2) return;
        done = true;
        act(world);
      };
    },
  };
}

export const TROUBLES = {
  nothing: {},
  'dropped before': atUpload({ kind: 'drop', when: 'before' }),
  'dropped at 1 byte': atUpload({ kind: 'drop', when: { bytes: 1 } }),
  'dropped at half': atUpload({ kind: 'drop', when: HALF }),
  'dropped at the last byte': atUpload({ kind: 'drop', when: { bytes: IMAGE_BYTES } }),
  'answer lost': atUpload({ kind: 'drop', when: 'after' }),
  'dropped at half each time': atEveryUpload({ kind: 'drop', when: HALF }),
  'hangs before': atUpload({ kind: 'hang', when: 'before' }),
  'hangs at half': atUpload({ kind: 'hang', when: HALF }),
  'hangs after': atUpload({ kind: 'hang', when: 'after' }),
  'restarts at half': atUpload({ kind: 'restart', when: HALF }),
  'restarts at half each time': atEveryUpload({ kind: 'restart', when: HALF }),
  'somebody else’s page': atUpload({ kind: 'garbage' }),
  'another update runs, once': atUpload({ kind: 'status', status: 503 }),
  'another update runs': atEveryUpload({ kind: 'status', status: 503 }),
  'a fault of its own': atUpload({ kind: 'status', status: 500 }),
  'wrong PIN': { lamp: { pin: '1234', token: '4321' } },
  'no PIN': { lamp: { pin: '1234' } },
  locked: { lamp: { otaLock: true } },
  'no updates built in': { lamp: { ota: false } },
  'no space': { lamp: { slotBytes: 32 * 1024 } },
  'wrong magic': {
    lamp: { image: new Uint8Array(wledImage({ version: '16.0.1', release: 'ESP32' }, IMAGE_BYTES)).fill(0, 0, 1) },
  },
  'image check fails': atUpload({ kind: 'corrupt', at: IMAGE_BYTES / 2 }),
  'silent old image': { lamp: { boots: () => false } },
  'answer lost, silent old image': {
    lamp: { boots: () => false },
    ...atUpload({ kind: 'drop', when: 'after' }),
  },
  'never back': { lamp: { comesBack: false } },
  'answer lost, never back': { lamp: { comesBack: false }, ...atUpload({ kind: 'drop', when: 'after' }) },
  'same version': { lamp: { file: { version: 'same', release: 'ESP32' } } },
  'answer lost, same version': {
    lamp: { file: { version: 'same', release: 'ESP32' } },
    ...atUpload({ kind: 'drop', when: 'after' }),
  },
  'a file that says nothing': { lamp: { image: UNNAMED }, plan: { overruled: ['other-firmware'] } },
  cancel: inTheBody(({ controls }) => controls.cancel()),
  pause: inTheBody(({ controls }) => controls.pause()),
  'page reload, and Update again': inTheBody((world) => world.reload()),
} as const satisfies Readonly<Record<string, Trouble>>;

export type TroubleName = keyof typeof TROUBLES;

/** `staged` needs a lamp that says yes and does not restart, which none does by itself. */
export const OUTCOME_NAMES = [
  'updated',
  'accepted',
  'rolled-back',
  'rejected',
  'not-seen-again',
  'failed',
  'cancelled',
] as const;
