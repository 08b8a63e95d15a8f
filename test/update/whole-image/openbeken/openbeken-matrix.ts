/** What can go wrong with an upload to an OpenBeken device, for `openbeken-matrix.node.test.ts`. */
import { openbekenImage } from '../../../../src/simulator/openbeken/build.ts';
import { onEveryOf, onNthOf, type WholeFault } from '../../../../src/simulator/whole/faults.ts';
import { brokenConnections, byScript, NOT_SEEN, PRESSED, type Trouble } from '../trouble.ts';
import { IMAGE_BYTES } from '../whole-world.ts';
import { NEW, OLD, type OpenbekenWorld, type OpenbekenWorldOptions } from './openbeken-world.ts';

export type OpenbekenTrouble = Trouble<OpenbekenWorld, OpenbekenWorldOptions>;

const LOGIN = { user: 'admin', password: 'secret' };
const ASKS = { password: LOGIN.password } as const;

const atUpload = (fault: WholeFault) => byScript<OpenbekenWorld>(onNthOf('ota', 1, fault));
const atEveryUpload = (fault: WholeFault) => byScript<OpenbekenWorld>(onEveryOf('ota', fault));
const atReboot = (fault: WholeFault) => byScript<OpenbekenWorld>(onNthOf('reboot', 1, fault));
const atEveryReboot = (fault: WholeFault) => byScript<OpenbekenWorld>(onEveryOf('reboot', fault));

export const OPENBEKEN_TROUBLES = {
  nothing: {},
  'the same build again': { given: { file: OLD } },
  'a file that says too little': {
    given: { inspection: { tells: { product: 'OpenBeken', version: null, release: null, installsFrom: null } } },
  },
  'a name that breaks its JSON': { given: { name: 'the "lamp"', startCommand: 'echo \\d' } },
  ...brokenConnections(atUpload, atEveryUpload),
  'gone before its yes is sent': { given: { losesAnswer: true } },
  'gone before its yes is sent, and it restarts in the next upload, of the same build': {
    given: { losesAnswer: true, file: OLD },
    ...byScript<OpenbekenWorld>(({ route, nth }) =>
      route === 'ota' && nth > 1 ? { kind: 'restart', when: 'before' } : null,
    ),
  },
  'restarts before the upload, and another server’s page': {
    arrange: ({ device }) =>
      void (device.fault = ({ route, nth }) => {
        if (route === 'info' && nth === 3) device.restart();
        return route === 'ota' ? { kind: 'garbage' } : null;
      }),
  },
  'another server’s page': atUpload({ kind: 'garbage' }),
  'a fault of its own': atUpload({ kind: 'status', status: 500 }),
  'right password': { given: { ...ASKS, saved: LOGIN } },
  'a password without a user': { given: { ...ASKS, saved: { ...LOGIN, user: '' } } },
  'wrong password': { given: { ...ASKS, saved: { ...LOGIN, password: 'other' } } },
  'no password': { given: ASKS },
  'another maker’s chip': { given: { chipset: 'BK7231T', judgesImage: false } },
  'a chip that the file is not for': { given: { chipset: 'ESP32C3' } },
  'no space': { given: { slotBytes: 32 * 1024 } },
  'no other slot': { given: { slotBytes: null } },
  'wrong magic': { given: { image: openbekenImage(NEW, IMAGE_BYTES, 11).fill(0, 0, 1) } },
  'a bit is flipped on the way': atUpload({ kind: 'corrupt', at: IMAGE_BYTES / 2 }),
  'image check fails': { given: { isWhole: () => false } },
  'the request to restart is lost': atReboot({ kind: 'drop', when: 'before' }),
  'the answer to the request to restart is lost': atReboot({ kind: 'drop', when: 'after' }),
  'the request to restart is lost each time': atEveryReboot({ kind: 'drop', when: 'before' }),
  'the request to restart is refused': atEveryReboot({ kind: 'status', status: 404 }),
  'it says that it restarts, and does not': { given: { restartsWhenAsked: false } },
  ...NOT_SEEN,
  'no restart wanted': { plan: { restart: false } },
  'no restart wanted, and the answer lost': { ...atUpload({ kind: 'drop', when: 'after' }), plan: { restart: false } },
  'page reload after its yes, and Update again': {
    arrange: (world) => {
      world.onState = ({ phase }) => {
        if (phase === 'restarting') world.reload();
      };
    },
  },
  ...PRESSED,
} as const satisfies Readonly<Record<string, OpenbekenTrouble>>;

export type OpenbekenTroubleName = keyof typeof OPENBEKEN_TROUBLES;
