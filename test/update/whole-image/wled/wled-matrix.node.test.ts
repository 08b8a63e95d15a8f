/** Each trouble of an upload, on a lamp that cleans up after one that broke off, and on one that would append to it. */
import { expect } from 'chai';
import { inShort, playTrouble, type Trouble } from '../trouble.ts';
import { OUTCOME_NAMES, WLED_TROUBLES, type WledTroubleName } from './wled-matrix.ts';
import { WledWorld, type WledWorldOptions } from './wled-world.ts';

/** Cleans up; appends. */
const VERSIONS = ['16.0.0', '0.15.1'] as const;

/** The outcome, the firmware that runs then (every byte of it), and how often the image was sent. */
const EXPECTED: Readonly<Record<WledTroubleName, readonly [cleansUp: string, appends: string]>> = {
  nothing: ['updated, file, 1', 'updated, file, 1'],
  'dropped before': ['updated, file, 2', 'failed unreachable, old, 1, leaves a half'],
  'dropped at 1 byte': ['updated, file, 2', 'failed unreachable, old, 1, leaves a half'],
  'dropped at half': ['updated, file, 2', 'failed unreachable, old, 1, leaves a half'],
  'dropped at the last byte': ['updated, file, 2', 'failed unreachable, old, 1, leaves a half'],
  'answer lost': ['updated, file, 1', 'updated, file, 1'],
  'dropped at half each time': ['failed unreachable, old, 3', 'failed unreachable, old, 1, leaves a half'],
  'hangs before': ['updated, file, 2', 'failed silent, old, 1, leaves a half'],
  'hangs at half': ['updated, file, 2', 'failed silent, old, 1, leaves a half'],
  'hangs after': ['updated, file, 1', 'updated, file, 1'],
  'restarts at half': ['updated, file, 2', 'updated, file, 2'],
  'restarts at half each time': ['failed unreachable, old, 3', 'failed unreachable, old, 2, leaves a half'],
  'another server’s page': ['updated, file, 1', 'updated, file, 1'],
  'another update runs, once': ['updated, file, 2', 'updated, file, 2'],
  'another update runs': ['failed busy, old, 3', 'failed busy, old, 3'],
  'a fault of its own': ['failed device-fault, old, 1', 'failed device-fault, old, 1'],
  'wrong PIN': ['failed unauthorised, old, 0', 'failed unauthorised, old, 0'],
  'no PIN': ['failed unauthorised, old, 0', 'failed unauthorised, old, 0'],
  locked: ['failed locked, old, 0', 'failed locked, old, 0'],
  'no updates built in': ['failed unsupported, old, 0', 'failed unsupported, old, 0'],
  'no space': ['failed too-large, old, 1', 'rejected, old, 1'],
  'wrong magic': ['rejected, old, 1', 'rejected, old, 1'],
  'image check fails': ['rejected, old, 1', 'rejected, old, 1'],
  'silent old image': ['rolled-back, old, 1', 'rolled-back, old, 1'],
  'answer lost, silent old image': ['rolled-back, old, 1', 'rolled-back, old, 1'],
  'never back': ['not-seen-again, file, 1', 'not-seen-again, file, 1'],
  'answer lost, never back': ['not-seen-again, file, 1', 'not-seen-again, file, 1'],
  'same version': ['accepted same, file, 1', 'accepted same, file, 1'],
  'answer lost, same version': ['failed unconfirmed, file, 1, unknown', 'failed unconfirmed, file, 1, unknown'],
  'a file that says nothing': ['accepted nothing-predicted, file, 1', 'accepted nothing-predicted, file, 1'],
  cancel: ['cancelled, old, 1', 'cancelled, old, 1, leaves a half'],
  pause: ['updated, file, 1', 'updated, file, 1'],
  'page reload, and Update again': ['updated, file, 2', 'failed half-left, old, 1, leaves a half'],
};

before(() => WledWorld.ready());

async function played(name: WledTroubleName, version: string) {
  const trouble: Trouble<WledWorld, WledWorldOptions> = WLED_TROUBLES[name];
  const { given = {} } = trouble;
  const build = { version, release: 'ESP32' };
  const file = given.file?.version === 'same' ? { file: build } : {};
  const world = new WledWorld({ old: build, legacy: build, ...given, ...file });
  const end = await playTrouble(world, trouble);
  return { seen: inShort(end, world.runs, world.uploads), world };
}

describe('the fault matrix of a WLED lamp', () => {
  for (const name of Object.keys(EXPECTED) as WledTroubleName[]) {
    VERSIONS.forEach((version, at) => {
      it(`${name}, on ${version}`, async () => {
        const { seen, world } = await played(name, version);
        expect(seen).to.equal(EXPECTED[name][at]);
        expect(world.device.appended, 'nothing is sent behind a half').to.equal(0);
        expect(world.device.requestsInFlightMax, 'one request at a time').to.be.at.most(1);
      });
    });
  }

  it('has met every outcome that such an update can have', () => {
    const met = new Set(Object.values(EXPECTED).flatMap((cells) => cells.map((cell) => cell.split(/[ ,]/)[0])));
    expect([...met].sort()).to.deep.equal([...OUTCOME_NAMES].sort());
  });
});
