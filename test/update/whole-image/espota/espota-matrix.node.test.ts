/** Each trouble of an update by ArduinoOTA. */
import { expect } from 'chai';
import { type EsphomeFault, onEveryTo, onNthTo } from '../../../../src/simulator/esphome/faults.ts';
import { formImage } from '../../../../src/simulator/forms/options.ts';
import { EspotaWorld, type EspotaWorldOptions } from './espota-world.ts';
import { brokenConnections, byScript, inShort, playTrouble, NOT_SEEN, PRESSED, type Trouble } from '../trouble.ts';
import { IMAGE_BYTES, ready } from '../whole-world.ts';

const SET = { password: 'geheim', token: 'geheim' } as const;

const atUpdate = (fault: EsphomeFault) => byScript<EspotaWorld>(onNthTo('ota', 1, fault));
const atEveryUpdate = (fault: EsphomeFault) => byScript<EspotaWorld>(onEveryTo('ota', fault));

const TROUBLES = {
  nothing: {},
  'an ESP8266': { given: { chip: 'ESP8266', auth: 'md5' } },
  'it reads in parts': { given: { readsBytes: 256 } },
  'a password by MD5': { given: { ...SET, auth: 'md5' } },
  'a password by SHA-256': { given: { ...SET, auth: 'sha256' } },
  'a password that is kept by MD5': { given: { ...SET, auth: 'md5-kept' } },
  'wrong password by MD5': { given: { ...SET, auth: 'md5', token: 'other' } },
  'wrong password by SHA-256': { given: { ...SET, auth: 'sha256', token: 'other' } },
  'no password': { given: { password: 'geheim' } },
  'the first invitations are lost': { given: { losesDatagrams: 2 } },
  'every invitation is lost': { given: { losesDatagrams: 1000 } },
  'a firewall keeps its connection out': { given: { reachesClient: false } },
  ...brokenConnections(atUpdate, atEveryUpdate),
  'no space': { given: { slotBytes: 32 * 1024 } },
  'no space on an ESP8266': { given: { slotBytes: 32 * 1024, chip: 'ESP8266', auth: 'md5' } },
  'wrong magic': { given: { image: formImage(IMAGE_BYTES, '', 11).fill(0, 0, 1) } },
  'a bit is flipped on the way': atUpdate({ kind: 'corrupt', at: IMAGE_BYTES / 2 }),
  'a bit is flipped on the way to an ESP8266': {
    given: { chip: 'ESP8266', auth: 'md5' },
    ...atUpdate({ kind: 'corrupt', at: IMAGE_BYTES / 2 }),
  },
  'image check fails': { given: { isWhole: () => false } },
  ...NOT_SEEN,
  'it does not restart': { given: { restartsItself: false } },
  'it announces nothing': { given: { announces: false } },
  ...PRESSED,
} as const satisfies Readonly<Record<string, Trouble<EspotaWorld, EspotaWorldOptions>>>;

type Name = keyof typeof TROUBLES;

/** The outcome, the firmware that runs then (every byte of it), and how often the device fetched the image. */
const EXPECTED: Readonly<Record<Name, string>> = {
  nothing: 'accepted was-away, file, 1',
  'an ESP8266': 'accepted was-away, file, 1',
  'it reads in parts': 'accepted was-away, file, 1',
  'a password by MD5': 'accepted was-away, file, 1',
  'a password by SHA-256': 'accepted was-away, file, 1',
  'a password that is kept by MD5': 'accepted was-away, file, 1',
  'wrong password by MD5': 'failed unauthorised, old, 0',
  'wrong password by SHA-256': 'failed unauthorised, old, 0',
  'no password': 'failed unauthorised, old, 0',
  'the first invitations are lost': 'accepted was-away, file, 1',
  'every invitation is lost': 'failed silent, old, 0',
  'a firewall keeps its connection out': 'failed not-called-back, old, 0',
  'dropped before': 'accepted was-away, file, 2',
  'dropped at 1 byte': 'accepted was-away, file, 2',
  'dropped at half': 'accepted was-away, file, 2',
  'dropped at the last byte': 'accepted was-away, file, 2',
  'answer lost': 'failed unconfirmed, file, 1, unknown',
  'dropped at half each time': 'failed unreachable, old, 3',
  'hangs before': 'accepted was-away, file, 2',
  'hangs at half': 'accepted was-away, file, 2',
  'hangs after': 'failed unconfirmed, file, 1, unknown',
  'restarts at half': 'accepted was-away, file, 2',
  'restarts at half each time': 'failed unreachable, old, 3',
  'no space': 'failed not-called-back, old, 0',
  'no space on an ESP8266': 'failed too-large, old, 0',
  'wrong magic': 'rejected, old, 1',
  'a bit is flipped on the way': 'failed hash-mismatch, old, 1',
  'a bit is flipped on the way to an ESP8266': 'failed hash-mismatch, old, 1',
  'image check fails': 'rejected, old, 1',
  'silent old image': 'accepted was-away, old, 1',
  'never back': 'not-seen-again, file, 1',
  'it does not restart': 'failed no-restart-seen, old, 1, unknown',
  'it announces nothing': 'accepted was-away, file, 1',
  cancel: 'cancelled, old, 1',
  pause: 'accepted was-away, file, 1',
  'page reload, and Update again': 'accepted was-away, file, 2',
};

before(() => ready('espota'));

async function played(name: Name) {
  const trouble: Trouble<EspotaWorld, EspotaWorldOptions> = TROUBLES[name];
  const world = new EspotaWorld(trouble.given);
  const end = await playTrouble(world, trouble);
  return { seen: inShort(end, world.runs, world.uploads), world };
}

describe('the fault matrix of ArduinoOTA', () => {
  for (const [name, expected] of Object.entries(EXPECTED) as [Name, string][]) {
    it(name, async () => {
      expect((await played(name)).seen).to.equal(expected);
    });
  }

  it('tries no password that is not there, and each of the others once', async () => {
    const refused = async (name: Name): Promise<number> => (await played(name)).world.device.refused;
    expect(await refused('no password')).to.equal(0);
    expect(await refused('wrong password by MD5')).to.equal(1);
    expect(await refused('wrong password by SHA-256'), 'as it may be kept').to.equal(2);
  });

  it('says “written” of what the device has counted', async () => {
    const { world } = await played('it reads in parts');
    const { progress } = world.states.filter(({ phase }) => phase === 'writing').at(-1) ?? {};
    expect(progress?.counts ?? 'written').to.equal('written');
  });
});

describe('a sketch that was away because of the network, and holds what it took', () => {
  const DAMAGED: EsphomeFault = { kind: 'corrupt', at: IMAGE_BYTES / 2 };

  async function holding(): Promise<EspotaWorld> {
    const world = new EspotaWorld({ restartsItself: false });
    world.onState = ({ phase }) => {
      if (phase !== 'restarting') return;
      world.onState = () => undefined;
      world.network.up = false;
      void world.clock.sleep(10_000).then(() => (world.network.up = true));
    };
    const end = await world.run();
    expect(inShort(end, world.runs, world.uploads)).to.equal('accepted was-away, old, 1');
    return world;
  }

  it('still runs its old firmware while it answers, however often it refuses', async () => {
    const world = await holding();
    world.device.fault = onEveryTo('ota', DAMAGED);
    for (const uploads of [2, 3])
      expect(inShort(await world.run(), world.runs, world.uploads)).to.equal(`failed hash-mismatch, old, ${uploads}`);
  });

  it('is not said to run its old firmware where it may have restarted', async () => {
    const world = await holding();
    world.device.fault = ({ nth }) => {
      if (nth > 2) return DAMAGED;
      world.device.restart();
      return null;
    };
    expect(inShort(await world.run(), world.runs, world.uploads)).to.equal('failed hash-mismatch, file, 3, unknown');
  });
});
