/** Each trouble of an update by ArduinoOTA. */
import { expect } from 'chai';
import type { UpdatePlan } from '../../../src/model/update/plan.ts';
import { type EsphomeFault, onEveryTo, onNthTo } from '../../../src/simulator/esphome/faults.ts';
import { formImage } from '../../../src/simulator/forms/options.ts';
import { EspotaWorld, type EspotaWorldOptions } from './espota-world.ts';
import { IMAGE_BYTES, ready } from './whole-world.ts';

interface Trouble {
  readonly device?: EspotaWorldOptions;
  readonly plan?: Partial<UpdatePlan>;
  readonly arrange?: (world: EspotaWorld) => void;
}

const HALF = { bytes: IMAGE_BYTES / 2 };
const SET = { password: 'geheim', token: 'geheim' } as const;

const atUpdate = (fault: EsphomeFault): Trouble => ({
  arrange: ({ device }) => void (device.fault = onNthTo('ota', 1, fault)),
});
const atEveryUpdate = (fault: EsphomeFault): Trouble => ({
  arrange: ({ device }) => void (device.fault = onEveryTo('ota', fault)),
});

/** Does it once, at the first state in the middle of the image. */
function inTheMiddle(act: (world: EspotaWorld) => void): Trouble {
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
  'an ESP8266': { device: { chip: 'ESP8266', auth: 'md5' } },
  'it reads in parts': { device: { readsBytes: 256 } },
  'a password by MD5': { device: { ...SET, auth: 'md5' } },
  'a password by SHA-256': { device: { ...SET, auth: 'sha256' } },
  'a password that is kept by MD5': { device: { ...SET, auth: 'md5-kept' } },
  'wrong password by MD5': { device: { ...SET, auth: 'md5', token: 'other' } },
  'wrong password by SHA-256': { device: { ...SET, auth: 'sha256', token: 'other' } },
  'no password': { device: { password: 'geheim' } },
  'the first invitations are lost': { device: { losesDatagrams: 2 } },
  'every invitation is lost': { device: { losesDatagrams: 1000 } },
  'a firewall keeps its connection out': { device: { reachesClient: false } },
  'dropped before': atUpdate({ kind: 'drop', when: 'before' }),
  'dropped at 1 byte': atUpdate({ kind: 'drop', when: { bytes: 1 } }),
  'dropped at half': atUpdate({ kind: 'drop', when: HALF }),
  'dropped at the last byte': atUpdate({ kind: 'drop', when: { bytes: IMAGE_BYTES } }),
  'last answer lost': atUpdate({ kind: 'drop', when: 'after' }),
  'dropped at half each time': atEveryUpdate({ kind: 'drop', when: HALF }),
  'hangs at half': atUpdate({ kind: 'hang', when: HALF }),
  'hangs after': atUpdate({ kind: 'hang', when: 'after' }),
  'restarts at half': atUpdate({ kind: 'restart', when: HALF }),
  'no space': { device: { slotBytes: 32 * 1024 } },
  'no space on an ESP8266': { device: { slotBytes: 32 * 1024, chip: 'ESP8266', auth: 'md5' } },
  'wrong magic': { device: { image: formImage(IMAGE_BYTES, '', 11).fill(0, 0, 1) } },
  'a byte turns over on the way': atUpdate({ kind: 'corrupt', at: IMAGE_BYTES / 2 }),
  'a byte turns over on the way to an ESP8266': {
    device: { chip: 'ESP8266', auth: 'md5' },
    ...atUpdate({ kind: 'corrupt', at: IMAGE_BYTES / 2 }),
  },
  'image check fails': { device: { isWhole: () => false } },
  'silent old image': { device: { boots: () => false } },
  'never back': { device: { comesBack: false } },
  'it does not restart': { device: { restartsItself: false } },
  'it announces nothing': { device: { announces: false } },
  cancel: inTheMiddle(({ controls }) => controls.cancel()),
  pause: inTheMiddle(({ controls }) => controls.pause()),
  'page reload, and Update again': inTheMiddle((world) => world.reload()),
} as const satisfies Readonly<Record<string, Trouble>>;

type Name = keyof typeof TROUBLES;

/** How it ends, which firmware runs then, every byte of it, and how often the device came for the image. */
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
  'last answer lost': 'failed unconfirmed, file, 1, unknown',
  'dropped at half each time': 'failed unreachable, old, 3',
  'hangs at half': 'accepted was-away, file, 2',
  'hangs after': 'failed unconfirmed, file, 1, unknown',
  'restarts at half': 'accepted was-away, file, 2',
  'no space': 'failed not-called-back, old, 0',
  'no space on an ESP8266': 'failed too-large, old, 0',
  'wrong magic': 'rejected, old, 1',
  'a byte turns over on the way': 'failed hash-mismatch, old, 1',
  'a byte turns over on the way to an ESP8266': 'failed hash-mismatch, old, 1',
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
  const { device = {}, plan = {}, arrange }: Trouble = TROUBLES[name];
  const world = new EspotaWorld(device);
  await world.clock.pass(60_000);
  arrange?.(world);
  let end = await world.clock.settle(world.start(plan));
  world.onState = () => undefined;
  // The page was reloaded.
  end ??= await world.clock.settle(world.start(plan));
  if (end === null) throw new Error('The update ended without an outcome.');
  const why = 'code' in end ? ` ${end.code}` : 'why' in end ? ` ${end.why}` : '';
  const claims = 'oldFirmware' in end && end.oldFirmware === 'unknown' ? ', unknown' : '';
  return { seen: `${end.outcome}${why}, ${world.runs}, ${world.uploads}${claims}`, world };
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
