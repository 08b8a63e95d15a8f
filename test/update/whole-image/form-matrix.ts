/** What can go wrong with a device that takes firmware by a form, by what goes wrong. */
import { onEveryOf, onNthOf, type WholeFault } from '../../../src/simulator/whole/faults.ts';
import { formImage } from '../../../src/simulator/forms/options.ts';
import type { UpdatePlan } from '../../../src/model/update/plan.ts';
import type { FormWorld, FormWorldOptions } from './form-world.ts';
import { IMAGE_BYTES } from './whole-world.ts';

export interface FormTrouble {
  readonly device?: FormWorldOptions;
  readonly plan?: Partial<UpdatePlan>;
  readonly arrange?: (world: FormWorld) => void;
}

const HALF = { bytes: IMAGE_BYTES / 2 };
const LOGIN = { user: 'admin', password: 'secret' };

const atUpload = (fault: WholeFault): FormTrouble => ({
  arrange: ({ device }) => void (device.fault = onNthOf('upload', 1, fault)),
});
const atEveryUpload = (fault: WholeFault): FormTrouble => ({
  arrange: ({ device }) => void (device.fault = onEveryOf('upload', fault)),
});

/** Does it once, at the first state in the middle of the body. */
function inTheBody(act: (world: FormWorld) => void): FormTrouble {
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

export const FORM_TROUBLES = {
  nothing: {},
  'dropped before': atUpload({ kind: 'drop', when: 'before' }),
  'dropped at 1 byte': atUpload({ kind: 'drop', when: { bytes: 1 } }),
  'dropped at half': atUpload({ kind: 'drop', when: HALF }),
  'dropped at half each time': atEveryUpload({ kind: 'drop', when: HALF }),
  'dropped at the last byte': atUpload({ kind: 'drop', when: { bytes: IMAGE_BYTES } }),
  'hangs at half': atUpload({ kind: 'hang', when: HALF }),
  'hangs after': atUpload({ kind: 'hang', when: 'after' }),
  'answer lost': { device: { losesAnswer: true } },
  'restarts at half': atUpload({ kind: 'restart', when: HALF }),
  'somebody else’s page': atUpload({ kind: 'garbage' }),
  'a fault of its own': atUpload({ kind: 'status', status: 500 }),
  'wrong password': { device: { asks: LOGIN, saved: { ...LOGIN, password: 'other' } } },
  'no password': { device: { asks: LOGIN } },
  'right password': { device: { asks: LOGIN, saved: LOGIN } },
  'wants its own page': { device: { wantsOrigin: true } },
  'no space': { device: { slotBytes: 32 * 1024 } },
  'wrong magic': { device: { image: formImage(IMAGE_BYTES, '', 11).fill(0, 0, 1) } },
  'image check fails': atUpload({ kind: 'corrupt', at: IMAGE_BYTES / 2 }),
  'says yes to a damaged one': { device: { alwaysSaysYes: true }, ...atUpload({ kind: 'corrupt', at: 9_000 }) },
  'says yes in other words': { device: { words: { yes: 'Fertig, starte neu', no: 'Das war nichts' } } },
  'says no in other words': {
    device: { words: { yes: 'Fertig', no: 'Das war nichts' }, slotBytes: 32 * 1024 },
  },
  'restarts though it failed': { device: { restartsOnFailure: true, slotBytes: 32 * 1024 } },
  'does not restart by itself': { device: { restartsItself: false } },
  'silent old image': { device: { boots: () => false } },
  'never back': { device: { comesBack: false } },
  cancel: inTheBody(({ controls }) => controls.cancel()),
  pause: inTheBody(({ controls }) => controls.pause()),
  'page reload, and Update again': inTheBody((world) => world.reload()),
} as const satisfies Readonly<Record<string, FormTrouble>>;

export type FormTroubleName = keyof typeof FORM_TROUBLES;
