/** What can go wrong with an update by ESPHome's own protocol, by what goes wrong. */
import type { UpdatePlan } from '../../../src/model/update/plan.ts';
import { esphomeImage } from '../../../src/simulator/esphome/build.ts';
import { type EsphomeFault, onEveryTo, onNthTo } from '../../../src/simulator/esphome/faults.ts';
import { type EsphomeWorld, type EsphomeWorldOptions, NEW, OLD } from './esphome-world.ts';
import { IMAGE_BYTES } from './whole-world.ts';

export interface EsphomeTrouble {
  readonly device?: EsphomeWorldOptions;
  readonly plan?: Partial<UpdatePlan>;
  readonly arrange?: (world: EsphomeWorld) => void;
}

const HALF = { bytes: IMAGE_BYTES / 2 };

const atUpdate = (fault: EsphomeFault): EsphomeTrouble => ({
  arrange: ({ device }) => void (device.fault = onNthTo('ota', 1, fault)),
});
const atEveryUpdate = (fault: EsphomeFault): EsphomeTrouble => ({
  arrange: ({ device }) => void (device.fault = onEveryTo('ota', fault)),
});

/** Does it once, at the first state in the middle of the image. */
function inTheMiddle(act: (world: EsphomeWorld) => void): EsphomeTrouble {
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

export const ESPHOME_TROUBLES = {
  nothing: {},
  'the oldest version of the protocol': { device: { otaVersion: 1 } },
  'a password': { device: { password: 'geheim', token: 'geheim' } },
  'a password, asked for by MD5': { device: { password: 'geheim', token: 'geheim', auth: 'md5' } },
  'wrong password': { device: { password: 'geheim', token: 'other' } },
  'no password': { device: { password: 'geheim' } },
  'dropped before': atUpdate({ kind: 'drop', when: 'before' }),
  'dropped at 1 byte': atUpdate({ kind: 'drop', when: { bytes: 1 } }),
  'dropped at half': atUpdate({ kind: 'drop', when: HALF }),
  'dropped at the last byte': atUpdate({ kind: 'drop', when: { bytes: IMAGE_BYTES } }),
  'dropped before it ends the update': atUpdate({ kind: 'drop', when: 'written' }),
  'last answer lost': atUpdate({ kind: 'drop', when: 'after' }),
  'dropped at half each time': atEveryUpdate({ kind: 'drop', when: HALF }),
  'hangs before': atUpdate({ kind: 'hang', when: 'before' }),
  'hangs at half': atUpdate({ kind: 'hang', when: HALF }),
  'hangs after': atUpdate({ kind: 'hang', when: 'after' }),
  'restarts at half': atUpdate({ kind: 'restart', when: HALF }),
  'restarts at half each time': atEveryUpdate({ kind: 'restart', when: HALF }),
  'another server answers': atUpdate({ kind: 'garbage' }),
  'flash fails at half': atUpdate({ kind: 'error', code: 0x83, when: HALF }),
  'no room prepared': atUpdate({ kind: 'error', code: 0x81, when: 'prepare' }),
  'no partition': atUpdate({ kind: 'error', code: 0x8a, when: 'prepare' }),
  'signature invalid': atUpdate({ kind: 'error', code: 0x8d, when: 'end' }),
  'no space': { device: { slotBytes: 32 * 1024 } },
  'wrong magic': {
    device: { image: esphomeImage(NEW, IMAGE_BYTES).fill(0, 0, 1) },
  },
  'a byte turns over on the way': atUpdate({ kind: 'corrupt', at: IMAGE_BYTES / 2 }),
  'image check fails': { device: { isWhole: () => false } },
  'silent old image': { device: { boots: () => false } },
  'last answer lost, silent old image': {
    device: { boots: () => false },
    ...atUpdate({ kind: 'drop', when: 'after' }),
  },
  'last answer lost each time, the very same build': {
    device: { file: OLD },
    ...atEveryUpdate({ kind: 'hang', when: 'after' }),
  },
  'crashes in its first minute, and goes back': { device: { crashesAfterMs: 40_000 } },
  'never back': { device: { comesBack: false } },
  'last answer lost, never back': { device: { comesBack: false }, ...atUpdate({ kind: 'drop', when: 'after' }) },
  'does not restart': { device: { restarts: false } },
  'same version, another build': { device: { file: { ...OLD, builtAt: NEW.builtAt } } },
  'same version, another build, and the file does not say which': {
    device: { file: { ...OLD, builtAt: NEW.builtAt }, fileSaysBuild: false },
  },
  'the very same build': { device: { file: OLD } },
  'its API is encrypted': { device: { api: 'encrypted', configHash: ([, , , , last = 0]) => String(last) } },
  'its API is encrypted, same version': {
    device: { api: 'encrypted', file: { ...OLD, builtAt: NEW.builtAt }, configHash: (image) => String(image.length) },
  },
  'it tells nothing': { device: { api: 'none', announces: false } },
  'it tells nothing, silent old image': { device: { api: 'none', announces: false, boots: () => false } },
  'a file that says nothing': { device: { fileSays: false }, plan: { overruled: ['other-firmware'] } },
  cancel: inTheMiddle(({ controls }) => controls.cancel()),
  pause: inTheMiddle(({ controls }) => controls.pause()),
  'page reload, and Update again': inTheMiddle((world) => world.reload()),
} as const satisfies Readonly<Record<string, EsphomeTrouble>>;

export type EsphomeTroubleName = keyof typeof ESPHOME_TROUBLES;
