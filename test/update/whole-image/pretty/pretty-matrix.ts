/** What can go wrong with an upload to a device with PrettyOTA, for `pretty-matrix.node.test.ts`. */
import { prettyImage } from '../../../../src/simulator/pretty-ota/build.ts';
import { onEveryOf, onNthOf, type WholeFault } from '../../../../src/simulator/whole/faults.ts';
import { NAMELESS, NEW, OLD, type PrettyWorld, type PrettyWorldOptions } from './pretty-world.ts';
import { brokenConnections, byScript, inTheMiddle, NOT_SEEN, PRESSED, type Trouble } from '../trouble.ts';
import { IMAGE_BYTES } from '../whole-world.ts';

export interface PrettyTrouble extends Trouble<PrettyWorld, PrettyWorldOptions> {
  /** Update is pressed once more, a while after its end. */
  readonly twice?: true;
}

const LOGIN = { user: 'admin', password: 'secret' };

const atUpload = (fault: WholeFault) => byScript<PrettyWorld>(onNthOf('upload', 1, fault));
const atEveryUpload = (fault: WholeFault) => byScript<PrettyWorld>(onEveryOf('upload', fault));

/** Another client began an update and has not ended it. */
async function begunElsewhere({ device }: PrettyWorld): Promise<void> {
  const start = `/prettyota/start?mode=fw&reboot=true&hash=${'a'.repeat(32)}`;
  await device.handle(new Request(`http://device${start}`));
  if (!device.isUpdating) throw new Error('nothing was begun');
}

export const PRETTY_TROUBLES = {
  nothing: {},
  'a file that says nothing of its own': { given: { old: NAMELESS, file: NAMELESS } },
  'the same build again': { given: { file: OLD } },
  'the app names its version alone': {
    given: { old: { ...NAMELESS, own: { version: '1' } }, file: { ...NAMELESS, own: { version: '2' } } },
  },
  'the app has a form of its own for its build': {
    given: {
      old: { ...NAMELESS, own: { date: 'No', time: '1' } },
      file: { ...NAMELESS, own: { date: 'No', time: '2' } },
    },
  },
  ...brokenConnections(atUpload, atEveryUpload),
  'the answer to the start is lost': byScript<PrettyWorld>(onNthOf('start', 1, { kind: 'drop', when: 'after' })),
  'gone before its yes is sent': { given: { losesAnswer: true } },
  'gone before its yes is sent, of a file that says nothing of its own': {
    given: { losesAnswer: true, old: NAMELESS, file: NAMELESS },
  },
  'gone before its yes is sent, and asks for a login when it is back': {
    given: { losesAnswer: true },
    arrange: ({ device }) =>
      void (device.fault = ({ route }) =>
        route === 'info' && device.restarts > 0 ? { kind: 'status', status: 401 } : null),
  },
  'another server’s page': atUpload({ kind: 'garbage' }),
  'a fault of its own': atUpload({ kind: 'status', status: 500 }),
  'right password': { given: { asks: LOGIN, saved: LOGIN } },
  'right password, and its pages elsewhere': {
    given: { asks: LOGIN, saved: LOGIN, loginUrl: '/ota/sign-in', mainUrl: '/ota' },
  },
  'wrong password': { given: { asks: LOGIN, saved: { ...LOGIN, password: 'other' } } },
  'no password': { given: { asks: LOGIN } },
  'no space': { given: { slotBytes: 32 * 1024 } },
  'no space, said early, and Update again': { given: { slotBytes: 32 * 1024, answersEarly: true }, twice: true },
  'wrong magic': { given: { image: prettyImage(NEW, IMAGE_BYTES, 11).fill(0, 0, 1) } },
  'a bit is flipped on the way': atUpload({ kind: 'corrupt', at: IMAGE_BYTES / 2 }),
  'image check fails': { given: { isWhole: () => false } },
  'does not restart by itself': { given: { restartsItself: false } },
  'does not restart, and an answer is lost after its yes': {
    given: { restartsItself: false },
    ...byScript<PrettyWorld>(({ route, nth }) =>
      route === 'info' && nth === 4 ? { kind: 'drop', when: 'after' } : null,
    ),
  },
  ...NOT_SEEN,
  'silent old image, of a file that says nothing of its own': {
    given: { boots: () => false, old: NAMELESS, file: NAMELESS },
  },
  'another client’s update is under way': { arrange: begunElsewhere },
  'cancel, and Update again': { ...PRESSED.cancel, twice: true },
  'cancel while it cannot be reached, and Update again': {
    ...inTheMiddle(({ controls, network, clock }) => {
      network.up = false;
      void clock.sleep(60_000).then(() => (network.up = true));
      controls.cancel();
    }),
    twice: true,
  },
  ...PRESSED,
} as const satisfies Readonly<Record<string, PrettyTrouble>>;

export type PrettyTroubleName = keyof typeof PRETTY_TROUBLES;
