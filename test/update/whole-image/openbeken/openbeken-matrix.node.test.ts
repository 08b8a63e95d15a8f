/** Each trouble of an upload to an OpenBeken device. */
import { expect } from 'chai';
import { describeAny } from '../../../../src/words/update/describe-any.ts';
import { inShort, playTrouble } from '../trouble.ts';
import { OPENBEKEN_TROUBLES, type OpenbekenTrouble, type OpenbekenTroubleName } from './openbeken-matrix.ts';
import { OpenbekenWorld } from './openbeken-world.ts';

/** The outcome, the firmware that runs then (every byte of it), and how often the image was sent. */
const EXPECTED: Readonly<Record<OpenbekenTroubleName, string>> = {
  nothing: 'updated, file, 1',
  'the same build again': 'accepted same, file, 1',
  'a file that says too little': 'accepted nothing-predicted, file, 1',
  'a name that breaks its JSON': 'updated, file, 1',
  'dropped before': 'updated, file, 2',
  'dropped at 1 byte': 'updated, file, 2',
  'dropped at half': 'updated, file, 2',
  'dropped at half each time': 'failed unreachable, old, 3',
  'dropped at the last byte': 'updated, file, 2',
  'answer lost': 'updated, file, 2',
  'hangs before': 'updated, file, 2',
  'hangs at half': 'updated, file, 2',
  'hangs after': 'updated, file, 2',
  'restarts at half': 'updated, file, 2',
  'restarts at half each time': 'failed unreachable, old, 3',
  'gone before its yes is sent': 'failed unreachable, old, 3',
  'gone before its yes is sent, and it restarts in the next upload, of the same build':
    'failed unreachable, file, 3, unknown',
  'restarts before the upload, and another server’s page': 'failed web-page, old, 3',
  'another server’s page': 'updated, file, 2',
  'a fault of its own': 'failed device-fault, old, 1',
  'right password': 'updated, file, 1',
  'a password without a user': 'updated, file, 1',
  'wrong password': 'failed unauthorised, old, 0',
  'no password': 'failed unauthorised, old, 0',
  'another maker’s chip': 'failed unsupported, old, 0',
  'a chip that the file is not for': 'failed wrong-image, old, 0',
  'no space': 'failed unreachable, old, 3',
  'no other slot': 'failed unreachable, old, 3',
  'wrong magic': 'failed unreachable, old, 3',
  'a bit is flipped on the way': 'updated, file, 2',
  'image check fails': 'failed unreachable, old, 3',
  'the request to restart is lost': 'updated, file, 1',
  'the answer to the request to restart is lost': 'updated, file, 1',
  'the request to restart is lost each time': 'staged, old, 1',
  'the request to restart is refused': 'staged, old, 1',
  'it says that it restarts, and does not': 'staged, old, 1',
  'silent old image': 'rolled-back, old, 1',
  'never back': 'not-seen-again, file, 1',
  'no restart wanted': 'staged, old, 1',
  'no restart wanted, and the answer lost': 'staged, old, 2',
  'page reload after its yes, and Update again': 'updated, file, 1',
  cancel: 'cancelled, old, 1',
  pause: 'updated, file, 1',
  'page reload, and Update again': 'updated, file, 2',
};

before(() => OpenbekenWorld.ready());

async function played(name: OpenbekenTroubleName) {
  const trouble: OpenbekenTrouble = OPENBEKEN_TROUBLES[name];
  const world = new OpenbekenWorld(trouble.given);
  const end = await playTrouble(world, trouble);
  return { seen: inShort(end, world.runs, world.uploads), end, world };
}

describe('the fault matrix of OpenBeken', () => {
  for (const [name, expected] of Object.entries(EXPECTED) as [OpenbekenTroubleName, string][]) {
    it(name, async () => {
      const { seen, world } = await played(name);
      expect(seen).to.equal(expected);
      expect(world.device.requestsInFlightMax, 'one request at a time').to.be.at.most(1);
    });
  }

  it('asks for a restart only where the device has said yes, and the person wants one', async () => {
    const asked = async (name: OpenbekenTroubleName): Promise<number> =>
      (await played(name)).world.asked('POST /api/reboot');
    for (const name of ['image check fails', 'gone before its yes is sent', 'no restart wanted', 'cancel'] as const)
      expect(await asked(name), name).to.equal(0);
    expect(await asked('answer lost'), 'after the second upload').to.equal(1);
    expect(await asked('it says that it restarts, and does not'), 'once it has said so').to.equal(1);
  });

  it('says of an upload without an answer that it may be refused, or taken', async () => {
    const detail = async (name: OpenbekenTroubleName): Promise<string> =>
      describeAny((await played(name)).end, { device: 'Plug', version: null }).detail;
    expect(await detail('no space')).to.equal(
      'It gave no answer: it doesn’t take the file, or only the answer was lost, and it starts the file at its next restart. Plug still runs its old firmware. Check that the file is for its chip and flash.',
    );
    expect(await detail('another maker’s chip')).to.equal(
      'Its chip is not Espressif’s, and takes other files. Plug still runs its old firmware. Update it from its own web page.',
    );
  });

  it('no longer says that the old firmware runs where the device goes away with an image that was not to be started', async () => {
    const world = new OpenbekenWorld({ comesBack: false });
    expect(await world.run({ restart: false })).to.include({ outcome: 'staged' });
    world.device.fault = ({ route, index }) =>
      route === 'info' && index > 2 ? { kind: 'restart', when: 'before' } : null;
    expect(await world.run({ restart: false })).to.include({ outcome: 'failed', oldFirmware: 'unknown' });
    expect(world.runs).to.equal('file');
  });

  it('sends no image with a wrong password, and shows no password', async () => {
    const { device } = (await played('wrong password')).world;
    expect(device.requests.filter(({ method }) => method === 'POST')).to.deep.equal([]);
    expect(JSON.stringify(device.requests)).to.not.match(/secret|other/);
  });
});
