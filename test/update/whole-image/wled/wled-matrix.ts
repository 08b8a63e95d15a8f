/** What can go wrong with an upload to a lamp, by what goes wrong. */
import { onEveryOf, onNthOf, type WholeFault } from '../../../../src/simulator/whole/faults.ts';
import { wledImage } from '../../../../src/simulator/wled/options.ts';
import { brokenConnections, byScript, NOT_SEEN, notSeenAfter, PRESSED, type Trouble } from '../trouble.ts';
import { IMAGE_BYTES, type WledWorldOptions, type WledWorld } from './wled-world.ts';

type WledTrouble = Trouble<WledWorld, WledWorldOptions>;

/** A file that says nothing of itself. */
const UNNAMED = wledImage({ version: 'x', release: 'x' }, IMAGE_BYTES).fill(7, 200, 900);

const atUpload = (fault: WholeFault) => byScript<WledWorld>(onNthOf('update', 1, fault));
const atEveryUpload = (fault: WholeFault) => byScript<WledWorld>(onEveryOf('update', fault));

export const WLED_TROUBLES = {
  nothing: {},
  ...brokenConnections(atUpload, atEveryUpload),
  'another server’s page': atUpload({ kind: 'garbage' }),
  'another update runs, once': atUpload({ kind: 'status', status: 503 }),
  'another update runs': atEveryUpload({ kind: 'status', status: 503 }),
  'a fault of its own': atUpload({ kind: 'status', status: 500 }),
  'wrong PIN': { given: { pin: '1234', token: '4321' } },
  'no PIN': { given: { pin: '1234' } },
  locked: { given: { otaLock: true } },
  'no updates built in': { given: { ota: false } },
  'no space': { given: { slotBytes: 32 * 1024 } },
  'wrong magic': {
    given: { image: new Uint8Array(wledImage({ version: '16.0.1', release: 'ESP32' }, IMAGE_BYTES)).fill(0, 0, 1) },
  },
  'image check fails': atUpload({ kind: 'corrupt', at: IMAGE_BYTES / 2 }),
  ...NOT_SEEN,
  ...notSeenAfter(atUpload({ kind: 'drop', when: 'after' })),
  'same version': { given: { file: { version: 'same', release: 'ESP32' } } },
  'answer lost, same version': {
    given: { file: { version: 'same', release: 'ESP32' } },
    ...atUpload({ kind: 'drop', when: 'after' }),
  },
  'a file that says nothing': { given: { image: UNNAMED }, plan: { overruled: ['other-firmware'] } },
  ...PRESSED,
} as const satisfies Readonly<Record<string, WledTrouble>>;

export type WledTroubleName = keyof typeof WLED_TROUBLES;

/** `staged` needs a lamp that says yes and does not restart, which no lamp does by itself. */
export const OUTCOME_NAMES = [
  'updated',
  'accepted',
  'rolled-back',
  'rejected',
  'not-seen-again',
  'failed',
  'cancelled',
] as const;
