/** Each trouble of an update by ESPHome's own protocol. */
import { expect } from 'chai';
import { inShort, playTrouble, type Trouble } from '../trouble.ts';
import { EsphomeWorld, type EsphomeWorldOptions } from './esphome-world.ts';
import { ESPHOME_TROUBLES, type EsphomeTroubleName } from './esphome-matrix.ts';
import { ready } from '../whole-world.ts';

/** The outcome, the firmware that runs then (every byte of it), and how often the image was sent. */
const EXPECTED: Readonly<Record<EsphomeTroubleName, string>> = {
  nothing: 'updated, file, 1',
  'the oldest version of the protocol': 'updated, file, 1',
  'a password': 'updated, file, 1',
  'a password, asked for by MD5': 'updated, file, 1',
  'wrong password': 'failed unauthorised, old, 0',
  'no password': 'failed unauthorised, old, 0',
  'dropped before': 'updated, file, 1',
  'dropped at 1 byte': 'updated, file, 2',
  'dropped at half': 'updated, file, 2',
  'dropped at the last byte': 'updated, file, 2',
  'dropped before it ends the update': 'updated, file, 2',
  'answer lost': 'updated, file, 1',
  'dropped at half each time': 'failed unreachable, old, 3',
  'hangs before': 'updated, file, 1',
  'hangs at half': 'updated, file, 2',
  'hangs after': 'updated, file, 1',
  'restarts at half': 'updated, file, 2',
  'restarts at half each time': 'failed unreachable, old, 3',
  'another server answers': 'updated, file, 1',
  'flash fails at half': 'failed device-fault, old, 1',
  'no room prepared': 'failed device-fault, old, 1',
  'no partition': 'failed unsupported, old, 1',
  'signature invalid': 'rejected, old, 1',
  'no space': 'failed too-large, old, 1',
  'wrong magic': 'rejected, old, 1',
  'a bit is flipped on the way': 'failed hash-mismatch, old, 1',
  'image check fails': 'rejected, old, 1',
  'silent old image': 'rolled-back, old, 1',
  'answer lost, silent old image': 'rolled-back, old, 2',
  'answer lost each time, the very same build': 'failed unreachable, file, 3, unknown',
  'crashes in its first minute, and goes back': 'rolled-back, old, 1',
  'never back': 'not-seen-again, file, 1',
  'answer lost, never back': 'not-seen-again, file, 1',
  'does not restart': 'accepted no-restart-seen, old, 1',
  'same version, another build': 'updated, file, 1',
  'same version, another build, and the file does not say which': 'accepted same, file, 1',
  'the very same build': 'accepted same, file, 1',
  'its API is encrypted': 'updated, file, 1',
  'its API is encrypted, same version': 'accepted same, file, 1',
  'it tells nothing': 'accepted nothing-predicted, file, 1',
  'it tells nothing, silent old image': 'accepted nothing-predicted, old, 1',
  'a file that says nothing': 'accepted nothing-predicted, file, 1',
  cancel: 'cancelled, old, 1',
  pause: 'updated, file, 1',
  'page reload, and Update again': 'updated, file, 2',
};

before(() => ready('esphome'));

async function played(name: EsphomeTroubleName) {
  const trouble: Trouble<EsphomeWorld, EsphomeWorldOptions> = ESPHOME_TROUBLES[name];
  const world = new EsphomeWorld(trouble.given);
  const end = await playTrouble(world, trouble);
  return { seen: inShort(end, world.runs, world.uploads), world };
}

describe('the fault matrix of ESPHome’s own protocol', () => {
  for (const [name, expected] of Object.entries(EXPECTED)) {
    it(name, async () => {
      const { seen } = await played(name as EsphomeTroubleName);
      expect(seen).to.equal(expected);
    });
  }

  it('says “written” of what the device has acknowledged, and “sent” where it acknowledges nothing', async () => {
    const counts = async (name: EsphomeTroubleName) => {
      const { world } = await played(name);
      const { progress } = world.states.filter(({ phase }) => phase === 'writing').at(-1) ?? {};
      return progress?.counts ?? 'written';
    };
    expect(await counts('nothing')).to.equal('written');
    expect(await counts('the oldest version of the protocol')).to.equal('sent');
  });

  it('says nothing of a new firmware before its first minute is over', async () => {
    const { world } = await played('nothing');
    const settling = world.states.filter((state) => state.phase === 'restarting' && state.settling === true);
    expect(settling.length).to.be.greaterThan(5);
  });
});
