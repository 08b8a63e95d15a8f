/** Each trouble of an update by an ESPHome device's web page, on a version that cleans up after a half upload, and on one that appends to it. */
import { expect } from 'chai';
import type { UpdatePlan } from '../../../src/model/update/plan.ts';
import { type EsphomeFault, onEveryTo, onNthTo } from '../../../src/simulator/esphome/faults.ts';
import { NEW, OLD } from './esphome-world.ts';
import { EsphomeWebWorld, type EsphomeWebWorldOptions } from './esphome-web-world.ts';
import { IMAGE_BYTES, ready } from './whole-world.ts';

/** Cleans up; appends. */
const VERSIONS = ['2026.6.4', '2025.12.1'] as const;

interface Trouble {
  readonly device?: EsphomeWebWorldOptions;
  readonly plan?: Partial<UpdatePlan>;
  readonly arrange?: (world: EsphomeWebWorld) => void;
  /** What is done before “It has restarted” is pressed; absent: Update is pressed. */
  readonly beforeItIsSaid?: (world: EsphomeWebWorld) => Promise<void> | void;
}

const HALF = { bytes: IMAGE_BYTES / 2 };
const LOGIN = { user: 'admin', password: 'geheim' };

const atUpload = (fault: EsphomeFault): Trouble => ({
  arrange: ({ device }) => void (device.fault = onNthTo('ota', 1, fault)),
});
const atEveryUpload = (fault: EsphomeFault): Trouble => ({
  arrange: ({ device }) => void (device.fault = onEveryTo('ota', fault)),
});

/** Does it once, at the first state in the middle of the body. */
function inTheBody(act: (world: EsphomeWebWorld) => void): Trouble {
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

const TROUBLES = {
  nothing: {},
  'a login': { device: { login: LOGIN, enters: LOGIN } },
  'wrong login': { device: { login: LOGIN, enters: { user: 'admin', password: 'other' } } },
  'no login': { device: { login: LOGIN } },
  'no updates by its page': { device: { webOta: false } },
  'dropped before': atUpload({ kind: 'drop', when: 'before' }),
  'dropped at 1 byte': atUpload({ kind: 'drop', when: { bytes: 1 } }),
  'dropped at half': atUpload({ kind: 'drop', when: HALF }),
  'answer lost': atUpload({ kind: 'drop', when: 'after' }),
  'dropped at half each time': atEveryUpload({ kind: 'drop', when: HALF }),
  'hangs at half': atUpload({ kind: 'hang', when: HALF }),
  'restarts at half': atUpload({ kind: 'restart', when: HALF }),
  'somebody else’s page': atUpload({ kind: 'garbage' }),
  '“failed”': atUpload({ kind: 'error', code: 0, when: 'end' }),
  'a byte turns over on the way': atUpload({ kind: 'corrupt', at: IMAGE_BYTES / 2 }),
  'silent old image': { device: { boots: () => false } },
  'crashes in its first minute, and goes back': { device: { crashesAfterMs: 40_000 } },
  'never back': { device: { comesBack: false } },
  'the very same build': { device: { file: OLD } },
  'it tells nothing but its uptime': { device: { api: 'none', announces: false } },
  'its uptime shows in the numbers of its events': { device: { tellsUptime: false, api: 'none', announces: false } },
  cancel: inTheBody(({ controls }) => controls.cancel()),
  'page reload, and Update again': inTheBody((world) => world.reload()),
  'page reload, and “It has restarted”, which it has not': {
    ...inTheBody((world) => world.reload()),
    beforeItIsSaid: () => undefined,
  },
  'page reload, and “It has restarted”, which it has': {
    // The half that the restart takes away is not counted.
    ...inTheBody((world) => world.reload()),
    beforeItIsSaid: async ({ clock, device }) => {
      device.restart();
      await clock.pass(10_000);
    },
  },
} as const satisfies Readonly<Record<string, Trouble>>;

type Name = keyof typeof TROUBLES;

const HALF_LEFT = 'leaves a half';

/** How it ends, which firmware runs then, every byte of it, and how often the image was sent. */
const EXPECTED: Readonly<Record<Name, readonly [cleansUp: string, appends: string]>> = {
  nothing: ['updated, file, 1', 'updated, file, 1'],
  'a login': ['updated, file, 1', 'updated, file, 1'],
  'wrong login': ['failed unauthorised, old, 0', 'failed unauthorised, old, 0'],
  'no login': ['failed unauthorised, old, 0', 'failed unauthorised, old, 0'],
  'no updates by its page': ['failed unsupported, old, 0', 'failed unsupported, old, 0'],
  'dropped before': ['updated, file, 1', `failed unreachable, old, 0, ${HALF_LEFT}`],
  'dropped at 1 byte': ['updated, file, 2', `failed unreachable, old, 1, ${HALF_LEFT}`],
  'dropped at half': ['updated, file, 2', `failed unreachable, old, 1, ${HALF_LEFT}`],
  'answer lost': ['updated, file, 1', 'updated, file, 1'],
  'dropped at half each time': ['failed unreachable, old, 3', `failed unreachable, old, 1, ${HALF_LEFT}`],
  'hangs at half': ['updated, file, 2', `failed silent, old, 1, ${HALF_LEFT}`],
  'restarts at half': ['updated, file, 2', 'updated, file, 2'],
  'somebody else’s page': ['updated, file, 1', `failed web-page, old, 0, ${HALF_LEFT}`],
  '“failed”': ['failed device-fault, old, 0', 'failed device-fault, old, 0'],
  'a byte turns over on the way': ['failed device-fault, old, 1', 'failed device-fault, old, 1'],
  'silent old image': ['rolled-back, old, 1', 'rolled-back, old, 1'],
  'crashes in its first minute, and goes back': ['rolled-back, old, 1', 'rolled-back, old, 1'],
  'never back': ['not-seen-again, file, 1', 'not-seen-again, file, 1'],
  'the very same build': ['accepted same, file, 1', 'updated, file, 1'],
  'it tells nothing but its uptime': ['accepted nothing-predicted, file, 1', 'accepted nothing-predicted, file, 1'],
  'its uptime shows in the numbers of its events': [
    'accepted nothing-predicted, file, 1',
    'accepted nothing-predicted, file, 1',
  ],
  cancel: ['cancelled, old, 1', `cancelled, old, 1, ${HALF_LEFT}`],
  'page reload, and Update again': ['updated, file, 2', `failed half-left, old, 1, ${HALF_LEFT}`],
  'page reload, and “It has restarted”, which it has not': [
    'updated, file, 2',
    `failed half-left, old, 1, ${HALF_LEFT}`,
  ],
  'page reload, and “It has restarted”, which it has': ['updated, file, 1', 'updated, file, 1'],
};

before(() => ready('esphome-web'));

async function played(name: Name, version: string) {
  const { device = {}, plan = {}, arrange, beforeItIsSaid }: Trouble = TROUBLES[name];
  const world = new EsphomeWebWorld({ old: { ...OLD, version }, file: NEW, ...device });
  await world.clock.pass(120_000);
  arrange?.(world);
  let end = await world.clock.settle(world.start(plan));
  world.onState = () => undefined;
  // The page was reloaded.
  if (end === null) {
    await beforeItIsSaid?.(world);
    const restartFirst = beforeItIsSaid !== undefined;
    end = await world.clock.settle(world.start({ ...plan, restartFirst }));
  }
  if (end === null) throw new Error('The update ended without an outcome.');
  const why = 'code' in end ? ` ${end.code}` : 'why' in end ? ` ${end.why}` : '';
  const half = 'leaves' in end && end.leaves === 'half' ? `, ${HALF_LEFT}` : '';
  return { seen: `${end.outcome}${why}, ${world.runs}, ${world.uploads}${half}`, world };
}

describe('the fault matrix of an ESPHome device’s web page', () => {
  for (const name of Object.keys(EXPECTED) as Name[]) {
    VERSIONS.forEach((version, at) => {
      it(`${name}, on ${version}`, async () => {
        const { seen, world } = await played(name, version);
        expect(seen).to.equal(EXPECTED[name][at]);
        expect(world.device.appended, 'nothing is sent behind a half').to.equal(0);
      });
    });
  }
});
