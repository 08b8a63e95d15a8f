/** Each trouble of an upload to a device with PrettyOTA. */
import { expect } from 'chai';
import { inShort, playTrouble } from '../trouble.ts';
import { PRETTY_TROUBLES, type PrettyTrouble, type PrettyTroubleName } from './pretty-matrix.ts';
import { PrettyWorld } from './pretty-world.ts';

/** The outcome, the firmware that runs then (every byte of it), and how often the image was sent. */
const EXPECTED: Readonly<Record<PrettyTroubleName, string>> = {
  nothing: 'updated, file, 1',
  'a file that says nothing of its own': 'accepted same, file, 1',
  'the same build again': 'accepted same, file, 1',
  'the app names its version alone': 'accepted nothing-predicted, file, 1',
  'the app has a form of its own for its build': 'accepted nothing-predicted, file, 1',
  'dropped before': 'updated, file, 2',
  'dropped at 1 byte': 'updated, file, 2',
  'dropped at half': 'updated, file, 2',
  'dropped at half each time': 'failed unreachable, old, 3',
  'dropped at the last byte': 'updated, file, 2',
  'hangs at half': 'updated, file, 2',
  'hangs after': 'updated, file, 1',
  'the answer to the start is lost': 'updated, file, 1',
  'answer lost': 'updated, file, 1',
  'gone before its yes is sent': 'updated, file, 1',
  'hangs before': 'updated, file, 2',
  'restarts at half each time': 'failed unreachable, old, 3',
  'gone before its yes is sent, and asks for a login when it is back': 'failed unauthorised, file, 1, unknown',
  'gone before its yes is sent, of a file that says nothing of its own': 'failed unconfirmed, file, 1, unknown',
  'restarts at half': 'updated, file, 2',
  'another server’s page': 'updated, file, 1',
  'a fault of its own': 'failed device-fault, old, 1',
  'right password': 'updated, file, 1',
  'right password, and its pages elsewhere': 'updated, file, 1',
  'wrong password': 'failed unauthorised, old, 0',
  'no password': 'failed unauthorised, old, 0',
  'no space': 'failed too-large, old, 1',
  'no space, said early, and Update again': 'failed too-large, old, 2',
  'wrong magic': 'rejected, old, 1',
  'a bit is flipped on the way': 'failed hash-mismatch, old, 1',
  'image check fails': 'rejected, old, 1',
  'does not restart by itself': 'accepted no-restart-seen, old, 1',
  'does not restart, and an answer is lost after its yes': 'accepted no-restart-seen, old, 1',
  'silent old image': 'rolled-back, old, 1',
  'silent old image, of a file that says nothing of its own': 'accepted same, old, 1',
  'never back': 'not-seen-again, file, 1',
  'another client’s update is under way': 'failed busy, old, 0',
  cancel: 'cancelled, old, 1',
  'cancel, and Update again': 'updated, file, 2',
  'cancel while it cannot be reached, and Update again': 'updated, file, 2',
  pause: 'updated, file, 1',
  'page reload, and Update again': 'updated, file, 2',
};

before(() => PrettyWorld.ready());

async function played(name: PrettyTroubleName) {
  const trouble: PrettyTrouble = PRETTY_TROUBLES[name];
  const world = new PrettyWorld(trouble.given);
  let end = await playTrouble(world, trouble);
  if (trouble.twice) end = await world.run();
  return { seen: inShort(end, world.runs, world.uploads), world };
}

describe('the fault matrix of PrettyOTA', () => {
  for (const [name, expected] of Object.entries(EXPECTED) as [PrettyTroubleName, string][]) {
    it(name, async () => {
      const { seen, world } = await played(name);
      expect(seen).to.equal(expected);
      expect(world.device.requestsInFlightMax, 'one request at a time').to.be.at.most(1);
      const isElsewheres = name === 'another client’s update is under way';
      expect(world.device.isUpdating, 'whether it refuses the next one').to.equal(isElsewheres);
    });
  }

  it('begins nothing, and sends nothing, with a wrong password', async () => {
    const { device } = (await played('wrong password')).world;
    const paths = device.requests.map(({ method, path }) => `${method} ${path}`);
    expect(paths.filter((path) => path.includes('/start') || path.includes('/upload'))).to.deep.equal([]);
    expect(JSON.stringify(device.requests)).to.not.match(/secret|other/);
  });

  it('signs in once, whatever breaks off', async () => {
    const world = new PrettyWorld({
      ...PRETTY_TROUBLES['right password'].given,
      ...PRETTY_TROUBLES['gone before its yes is sent'].given,
    });
    await world.run();
    await world.run();
    expect(world.device.sessions.begun).to.equal(1);
  });
});
