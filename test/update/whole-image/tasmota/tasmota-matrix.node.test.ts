/** Each trouble of an upload, on a Tasmota device with two partitions, and on one with one and safeboot beside it. */
import { expect } from 'chai';
import { inShort, playTrouble, type Trouble } from '../trouble.ts';
import { TASMOTA_TROUBLES, type TasmotaTroubleName } from './tasmota-matrix.ts';
import { TasmotaWorld, type TasmotaWorldOptions } from './tasmota-world.ts';

const LAYOUTS = ['two', 'safeboot'] as const;

/** The outcome, the firmware that runs then (every byte of it), and how often the image was sent. */
const EXPECTED: Readonly<Record<TasmotaTroubleName, readonly [two: string, safeboot: string]>> = {
  nothing: ['updated, file, 1', 'updated, file, 1'],
  'dropped before': ['updated, file, 2', 'updated, file, 2'],
  'dropped at 1 byte': ['updated, file, 3', 'updated, file, 3'],
  'dropped at half': ['updated, file, 3', 'updated, file, 3'],
  'dropped at the last byte': ['updated, file, 3', 'updated, file, 3'],
  'answer lost': ['updated, file, 1', 'updated, file, 1'],
  'dropped at half each time': ['failed unreachable, old, 3', 'failed unreachable, safeboot, 3'],
  'hangs before': ['updated, file, 2', 'updated, file, 2'],
  'hangs at half': ['updated, file, 3', 'updated, file, 3'],
  'hangs after': ['updated, file, 1', 'updated, file, 1'],
  'restarts at half': ['updated, file, 2', 'updated, file, 2'],
  'restarts at half each time': ['failed unreachable, old, 3', 'failed unreachable, safeboot, 3'],
  'another server’s page': ['updated, file, 1', 'updated, file, 1'],
  'busy, once': ['updated, file, 2', 'updated, file, 2'],
  busy: ['failed busy, old, 3', 'failed busy, safeboot, 3'],
  'a fault of its own': ['failed device-fault, old, 1', 'failed device-fault, safeboot, 1'],
  'the right password': ['updated, file, 1', 'updated, file, 1'],
  'the password as a token': ['updated, file, 1', 'updated, file, 1'],
  'wrong password': ['failed unauthorised, old, 0', 'failed unauthorised, old, 0'],
  'no password': ['failed unauthorised, old, 0', 'failed unauthorised, old, 0'],
  'wants to be asked by its own page': ['updated, file, 1', 'updated, file, 1'],
  'no space': ['rejected, old, 1', 'rejected, safeboot, 1'],
  'wrong magic': ['rejected, old, 1', 'rejected, safeboot, 1'],
  'image check fails': ['rejected, old, 1', 'rejected, safeboot, 1'],
  'image check fails each time, in German': ['rejected, old, 2', 'rejected, safeboot, 2'],
  'in German': ['updated, file, 1', 'updated, file, 1'],
  'dropped at half, in German': ['updated, file, 3', 'updated, file, 3'],
  // The other client's upload is counted, too. A start of safeboot forgets it.
  'another client’s upload broke off': ['updated, file, 3', 'updated, file, 2'],
  'another client’s upload broke off, in German': ['updated, file, 3', 'updated, file, 2'],
  'it says yes and stays as it is': ['staged, old, 1', 'staged, safeboot, 1'],
  'silent old image': ['rolled-back, old, 1', 'failed stand-in-runs, safeboot, 1'],
  'answer lost, silent old image': ['rolled-back, old, 1', 'failed stand-in-runs, safeboot, 1'],
  'never back': ['not-seen-again, file, 1', 'not-seen-again, file, 1'],
  'answer lost, never back': ['not-seen-again, file, 1', 'not-seen-again, file, 1'],
  'same build': ['accepted same, file, 1', 'accepted same, file, 1'],
  'answer lost, same build': ['failed unconfirmed, file, 1, unknown', 'failed unconfirmed, file, 1, unknown'],
  'a file that says too little': ['accepted nothing-predicted, file, 1', 'accepted nothing-predicted, file, 1'],
  'safeboot does not start': ['updated, file, 1', 'failed not-set-aside, old, 0'],
  cancel: ['cancelled, old, 1', 'cancelled, safeboot, 1'],
  pause: ['updated, file, 1', 'updated, file, 1'],
  'page reload, and Update again': ['updated, file, 3', 'updated, file, 3'],
};

before(() => TasmotaWorld.ready());

async function played(name: TasmotaTroubleName, layout: (typeof LAYOUTS)[number]) {
  const trouble: Trouble<TasmotaWorld, TasmotaWorldOptions> = TASMOTA_TROUBLES[name];
  const world = new TasmotaWorld({ layout, ...trouble.given });
  const end = await playTrouble(world, trouble);
  return { seen: inShort(end, world.runsWhich, world.uploads), world, end };
}

describe('the fault matrix of a Tasmota device', () => {
  for (const name of Object.keys(EXPECTED) as TasmotaTroubleName[]) {
    LAYOUTS.forEach((layout, at) => {
      it(`${name}, on one with ${layout === 'two' ? 'two partitions' : 'safeboot'}`, async () => {
        const { seen, world, end } = await played(name, layout);
        expect(seen).to.equal(EXPECTED[name][at]);
        expect(world.device.requestsInFlightMax, 'one request at a time').to.be.at.most(1);
        if (!('oldFirmware' in end)) return;
        // It never says that the old firmware runs where that was overwritten, and never names safeboot where it was
        // not seen.
        if (end.oldFirmware === 'runs') expect(world.runsWhich).to.equal('old');
        if (end.oldFirmware === 'set-aside') expect(world.runsWhich).to.equal('safeboot');
        if (world.runsWhich === 'safeboot') expect(end.oldFirmware).to.equal('set-aside');
      });
    });
  }
});
