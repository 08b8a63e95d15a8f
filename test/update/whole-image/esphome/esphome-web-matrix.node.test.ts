/** Each trouble of an update by an ESPHome device's web page, on a version that cleans up after a half upload, and on one that appends to it. */
import { expect } from 'chai';
import { type EsphomeFault, onEveryTo, onNthTo } from '../../../../src/simulator/esphome/faults.ts';
import { NEW, OLD } from './esphome-world.ts';
import { EsphomeWebWorld, type EsphomeWebWorldOptions } from './esphome-web-world.ts';
import { brokenConnections, byScript, inShort, playTrouble, NOT_SEEN, PRESSED, type Trouble } from '../trouble.ts';
import { IMAGE_BYTES, ready } from '../whole-world.ts';

/** Cleans up; appends. */
const VERSIONS = ['2026.6.4', '2025.12.1'] as const;

const LOGIN = { user: 'admin', password: 'geheim' };

const atUpload = (fault: EsphomeFault) => byScript<EsphomeWebWorld>(onNthTo('ota', 1, fault));
const atEveryUpload = (fault: EsphomeFault) => byScript<EsphomeWebWorld>(onEveryTo('ota', fault));

const TROUBLES = {
  nothing: {},
  'a login': { given: { login: LOGIN, enters: LOGIN } },
  'wrong login': { given: { login: LOGIN, enters: { user: 'admin', password: 'other' } } },
  'no login': { given: { login: LOGIN } },
  'no updates by its page': { given: { webOta: false } },
  ...brokenConnections(atUpload, atEveryUpload),
  'another server’s page': atUpload({ kind: 'garbage' }),
  '“failed”': atUpload({ kind: 'error', code: 0, when: 'end' }),
  'a bit is flipped on the way': atUpload({ kind: 'corrupt', at: IMAGE_BYTES / 2 }),
  ...NOT_SEEN,
  'crashes in its first minute, and goes back': { given: { crashesAfterMs: 40_000 } },
  'the very same build': { given: { file: OLD } },
  'it tells nothing but its uptime': { given: { api: 'none', announces: false } },
  'its uptime shows in the numbers of its events': { given: { tellsUptime: false, api: 'none', announces: false } },
  ...PRESSED,
  'page reload, and “It has restarted”, which it has not': {
    ...PRESSED['page reload, and Update again'],
    again: () => ({ restartFirst: true }),
  },
  'page reload, and “It has restarted”, which it has': {
    ...PRESSED['page reload, and Update again'],
    again: async ({ clock, device }) => {
      device.restart();
      await clock.pass(10_000);
      return { restartFirst: true };
    },
  },
} as const satisfies Readonly<Record<string, Trouble<EsphomeWebWorld, EsphomeWebWorldOptions>>>;

type Name = keyof typeof TROUBLES;

const HALF_LEFT = 'leaves a half';

/** The outcome, the firmware that runs then (every byte of it), and how often the image was sent. */
const EXPECTED: Readonly<Record<Name, readonly [cleansUp: string, appends: string]>> = {
  nothing: ['updated, file, 1', 'updated, file, 1'],
  'a login': ['updated, file, 1', 'updated, file, 1'],
  'wrong login': ['failed unauthorised, old, 0', 'failed unauthorised, old, 0'],
  'no login': ['failed unauthorised, old, 0', 'failed unauthorised, old, 0'],
  'no updates by its page': ['failed unsupported, old, 0', 'failed unsupported, old, 0'],
  'dropped before': ['updated, file, 1', `failed unreachable, old, 0, ${HALF_LEFT}`],
  'dropped at 1 byte': ['updated, file, 2', `failed unreachable, old, 1, ${HALF_LEFT}`],
  'dropped at half': ['updated, file, 2', `failed unreachable, old, 1, ${HALF_LEFT}`],
  'dropped at the last byte': ['updated, file, 2', `failed unreachable, old, 1, ${HALF_LEFT}`],
  'answer lost': ['updated, file, 1', 'updated, file, 1'],
  'dropped at half each time': ['failed unreachable, old, 3', `failed unreachable, old, 1, ${HALF_LEFT}`],
  'hangs before': ['updated, file, 1', `failed silent, old, 0, ${HALF_LEFT}`],
  'hangs after': ['updated, file, 1', 'updated, file, 1'],
  'hangs at half': ['updated, file, 2', `failed silent, old, 1, ${HALF_LEFT}`],
  'restarts at half': ['updated, file, 2', 'updated, file, 2'],
  'restarts at half each time': ['failed unreachable, old, 3', `failed unreachable, old, 2, ${HALF_LEFT}`],
  'another server’s page': ['updated, file, 1', `failed web-page, old, 0, ${HALF_LEFT}`],
  '“failed”': ['failed device-fault, old, 0', 'failed device-fault, old, 0'],
  'a bit is flipped on the way': ['failed device-fault, old, 1', 'failed device-fault, old, 1'],
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
  pause: ['updated, file, 1', 'updated, file, 1'],
  'page reload, and Update again': ['updated, file, 2', `failed half-left, old, 1, ${HALF_LEFT}`],
  'page reload, and “It has restarted”, which it has not': [
    'updated, file, 2',
    `failed half-left, old, 1, ${HALF_LEFT}`,
  ],
  'page reload, and “It has restarted”, which it has': ['updated, file, 2', 'updated, file, 2'],
};

before(() => ready('esphome-web'));

async function played(name: Name, version: string) {
  const trouble: Trouble<EsphomeWebWorld, EsphomeWebWorldOptions> = TROUBLES[name];
  const world = new EsphomeWebWorld({ old: { ...OLD, version }, file: NEW, ...trouble.given });
  const end = await playTrouble(world, trouble);
  return { seen: inShort(end, world.runs, world.uploads), world };
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
