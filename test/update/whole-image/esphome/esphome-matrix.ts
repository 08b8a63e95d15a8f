/** What can go wrong with an update by ESPHome's own protocol, by what goes wrong. */
import { esphomeImage } from '../../../../src/simulator/esphome/build.ts';
import { type EsphomeFault, onEveryTo, onNthTo } from '../../../../src/simulator/esphome/faults.ts';
import { type EsphomeWorld, type EsphomeWorldOptions, NEW, OLD } from './esphome-world.ts';
import { brokenConnections, byScript, HALF, NOT_SEEN, notSeenAfter, PRESSED, type Trouble } from '../trouble.ts';
import { IMAGE_BYTES } from '../whole-world.ts';

type EsphomeTrouble = Trouble<EsphomeWorld, EsphomeWorldOptions>;

const atUpdate = (fault: EsphomeFault) => byScript<EsphomeWorld>(onNthTo('ota', 1, fault));
const atEveryUpdate = (fault: EsphomeFault) => byScript<EsphomeWorld>(onEveryTo('ota', fault));

export const ESPHOME_TROUBLES = {
  nothing: {},
  'the oldest version of the protocol': { given: { otaVersion: 1 } },
  'a password': { given: { password: 'geheim', token: 'geheim' } },
  'a password, asked for by MD5': { given: { password: 'geheim', token: 'geheim', auth: 'md5' } },
  'wrong password': { given: { password: 'geheim', token: 'other' } },
  'no password': { given: { password: 'geheim' } },
  ...brokenConnections(atUpdate, atEveryUpdate),
  'dropped before it ends the update': atUpdate({ kind: 'drop', when: 'written' }),
  'another server answers': atUpdate({ kind: 'garbage' }),
  'flash fails at half': atUpdate({ kind: 'error', code: 0x83, when: HALF }),
  'no room prepared': atUpdate({ kind: 'error', code: 0x81, when: 'prepare' }),
  'no partition': atUpdate({ kind: 'error', code: 0x8a, when: 'prepare' }),
  'signature invalid': atUpdate({ kind: 'error', code: 0x8d, when: 'end' }),
  'no space': { given: { slotBytes: 32 * 1024 } },
  'wrong magic': {
    given: { image: esphomeImage(NEW, IMAGE_BYTES).fill(0, 0, 1) },
  },
  'a bit is flipped on the way': atUpdate({ kind: 'corrupt', at: IMAGE_BYTES / 2 }),
  'image check fails': { given: { isWhole: () => false } },
  ...NOT_SEEN,
  ...notSeenAfter(atUpdate({ kind: 'drop', when: 'after' })),
  'answer lost each time, the very same build': {
    given: { file: OLD },
    ...atEveryUpdate({ kind: 'hang', when: 'after' }),
  },
  'crashes in its first minute, and goes back': { given: { crashesAfterMs: 40_000 } },
  'does not restart': { given: { restarts: false } },
  'same version, another build': { given: { file: { ...OLD, builtAt: NEW.builtAt } } },
  'same version, another build, and the file does not say which': {
    given: { file: { ...OLD, builtAt: NEW.builtAt }, fileSaysBuild: false },
  },
  'the very same build': { given: { file: OLD } },
  'its API is encrypted': { given: { api: 'encrypted', configHash: ([, , , , last = 0]) => String(last) } },
  'its API is encrypted, same version': {
    given: { api: 'encrypted', file: { ...OLD, builtAt: NEW.builtAt }, configHash: (image) => String(image.length) },
  },
  'it tells nothing': { given: { api: 'none', announces: false } },
  'it tells nothing, silent old image': { given: { api: 'none', announces: false, boots: () => false } },
  'a file that says nothing': { given: { fileSays: false }, plan: { overruled: ['other-firmware'] } },
  ...PRESSED,
} as const satisfies Readonly<Record<string, EsphomeTrouble>>;

export type EsphomeTroubleName = keyof typeof ESPHOME_TROUBLES;
