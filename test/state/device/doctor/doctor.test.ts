import { expect } from 'chai';
import { DoctorState } from '../../../../src/state/device/doctor/doctor.ts';
import type { Finding } from '../../../../src/state/device/doctor/doctor-view.ts';
import type { Diagnosis } from '../../../../src/model/device/diagnosis.ts';
import { doctorWords } from '../../../../src/words/device/doctor.ts';
import type { LinkTo } from '../../../../src/state/tools.ts';
import type { UpdateErrorCode } from '../../../../src/model/update/error-codes.ts';
import { noProgress } from '../../../../src/state/update/update-view.ts';
import { UpdateError } from '../../../../src/model/update/update-error.ts';
import { deadLink, failed, file, givenState, NOW, savedDevice } from '../../given.ts';

const HOST = '192.168.1.50:8080';
const CLOSED: Diagnosis = {
  ...{ kind: 'port-closed', isIpAddress: true, host: HOST },
  remedy: { kind: 'edit-device', field: 'address' },
};
const WELL: Diagnosis = { kind: 'answers', prefix: '/ota', host: HOST, remedy: { kind: 'try-again' } };
const NO_PREFIX: Diagnosis = { ...CLOSED, kind: 'wrong-prefix', prefix: '/ota' };
const NO_TOKEN: Diagnosis = { ...CLOSED, kind: 'wrong-token' };

/** As a card shows it where nothing is added. */
function shown(found: Diagnosis): Finding {
  const { kind, remedy } = found;
  const { cause, button, hint } = doctorWords;
  return { kind, sentence: cause(found), remedy, button: button(remedy), hint: hint(remedy) };
}

/** Lets everything that is ready to happen happen. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

interface Given {
  readonly code?: UpdateErrorCode | null;
  readonly finding?: Diagnosis | ((signal: AbortSignal) => Promise<Diagnosis>);
  readonly updateFails?: UpdateErrorCode;
  /** Bytes that the device had taken by then. */
  readonly taken?: number;
}

async function given({ code = 'unreachable', finding = CLOSED, updateFails, taken = 0 }: Given = {}) {
  let now = code;
  const asked: string[] = [];
  const linkTo: LinkTo = () => async () => {
    if (now !== null) throw new UpdateError(now);
    return { ...deadLink, tellsStatus: false };
  };
  const sent: string[] = [];
  const state = givenState({
    linkTo,
    ...(updateFails === undefined
      ? {}
      : {
          run: async function* (plan) {
            sent.push(plan.sha256);
            yield failed({ code: updateFails, progress: { ...noProgress(8), acknowledged: taken } });
          },
        }),
  });
  const doctor = new DoctorState({
    ...state,
    diagnose: async (_device, _token, after, signal) => {
      asked.push(after);
      return typeof finding === 'function' ? finding(signal) : finding;
    },
    words: async () => doctorWords,
    allow: async () => {
      asked.push('the browser');
      now = null;
    },
  });
  const { id } = await savedDevice(state.devices);
  const heal = (): void => void (now = null);
  return { ...state, doctor, id, asked, sent, heal, view: () => doctor.$doctor(id).get() };
}

describe('The connection doctor of a card', () => {
  it('says nothing where nothing has failed', async () => {
    const { checks, id, view, asked } = await given({ code: null });
    await checks.check(id);
    await settled();
    expect(view()).to.deep.equal({ kind: 'nothing' });
    expect(asked).to.deep.equal([]);
  });

  it('finds out by itself why a check reached nothing', async () => {
    const { checks, id, view, asked } = await given();
    await checks.check(id);
    await settled();
    expect(view()).to.deep.equal({ kind: 'found', finding: shown(CLOSED) });
    expect(asked).to.deep.equal(['unreachable']);
  });

  for (const [finding, button] of [
    [NO_PREFIX, 'Edit protocol'],
    [NO_TOKEN, 'Edit address'],
  ] as const) {
    it(`doubts a protocol that was set by hand where that may be why: ${finding.kind}`, async () => {
      const { checks, devices, id, view } = await given({ code: 'no-route', finding });
      await checks.check(id);
      await settled();
      expect(view()).to.deep.equal({ kind: 'found', finding: shown(finding) });
      await savedDevice(devices, { protocol: 'shipped' }, id);
      await checks.check(id);
      await settled();
      const now = view();
      if (now.kind !== 'found') throw new Error('it has to find something');
      expect(now.finding.sentence).to.match(
        /192\.168\.1\.50:8080.* The protocol was set by hand to “ViperHTTP as shipped”/,
      );
      expect(now.finding.button).to.equal(button);
    });
  }

  for (const [protocol, code, isAsked] of [
    ['form', 'unauthorised', false],
    ['wled', 'unauthorised', false],
    ['wled', 'unreachable', true],
    ['tasmota', 'unreachable', false],
    ['shipped', 'unauthorised', true],
  ] as const) {
    it(`${isAsked ? 'is' : 'is not'} asked about “${protocol}”, where that is “${code}”`, async () => {
      const { checks, devices, id, asked, view } = await given({ code });
      await savedDevice(devices, { protocol }, id);
      await checks.check(id);
      await settled();
      expect(asked).to.deep.equal(isAsked ? [code] : []);
      expect(view().kind).to.equal(isAsked ? 'found' : 'nothing');
    });
  }

  it('finds out why an update reached nothing, and does that update again', async () => {
    const { firmware, updates, doctor, id, view, sent } = await given({ updateFails: 'no-progress' });
    await firmware.choose([file('kitchen.bin')]);
    await updates.start(id);
    await settled();
    expect(view()).to.deep.equal({ kind: 'found', finding: shown(CLOSED) });
    await doctor.tryAgain(id);
    expect(sent).to.have.length(2);
    expect(new Set(sent).size).to.equal(1);
  });

  it('leaves to an update’s words what they have said, and brings the button alone', async () => {
    const finding = NO_TOKEN;
    const { checks, firmware, updates, id, view } = await given({
      ...{ code: 'unauthorised', updateFails: 'unauthorised', finding },
    });
    await firmware.choose([file('kitchen.bin')]);
    await checks.check(id);
    await settled();
    expect(view()).to.deep.equal({ kind: 'found', finding: shown(finding) });
    await updates.start(id);
    await settled();
    expect(view()).to.deep.equal({ kind: 'found', finding: { ...shown(finding), sentence: '' } });
    expect(checks.$check(id).get(), 'what the check had said of it').to.deep.equal({ kind: 'unasked' });
  });

  it('adds nothing to an update’s words where the device answers again', async () => {
    const { firmware, updates, id, view, asked } = await given({ updateFails: 'no-progress', finding: WELL });
    await firmware.choose([file('kitchen.bin')]);
    await updates.start(id);
    await settled();
    expect(asked).to.deep.equal(['no-progress']);
    expect(view()).to.deep.equal({ kind: 'nothing' });
  });

  it('does not look for a device elsewhere that was lost in the middle', async () => {
    const lost = { updateFails: 'no-progress', taken: 4 } as const;
    for (const kind of ['port-closed', 'no-answer', 'certificate', 'offline'] as const) {
      const finding = { ...CLOSED, kind } as Diagnosis;
      const { firmware, updates, id, view } = await given({ ...lost, finding });
      await firmware.choose([file('kitchen.bin')]);
      await updates.start(id);
      await settled();
      // That this phone is on no network is another matter.
      expect(view().kind, kind).to.equal(kind === 'offline' ? 'found' : 'nothing');
    }
  });

  it('says nothing of a failure that concerns the update alone', async () => {
    const { firmware, updates, id, view, asked } = await given({ updateFails: 'other-session' });
    await firmware.choose([file('kitchen.bin')]);
    await updates.start(id);
    await settled();
    expect(asked).to.deep.equal([]);
    expect(view()).to.deep.equal({ kind: 'nothing' });
  });

  it('forgets what it said when the device is asked again', async () => {
    const { checks, id, view, heal } = await given();
    await checks.check(id);
    await settled();
    heal();
    await checks.check(id);
    await settled();
    expect(view()).to.deep.equal({ kind: 'nothing' });
  });

  it('stops asking when an update begins, which has the device to itself', async () => {
    let ended: AbortSignal | null = null;
    const finding = (signal: AbortSignal): Promise<Diagnosis> => {
      ended = signal;
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new UpdateError('aborted')));
      });
    };
    const { checks, firmware, updates, id, view } = await given({ finding });
    await firmware.choose([file('kitchen.bin')]);
    await checks.check(id);
    await settled();
    expect(view()).to.deep.equal({ kind: 'looking' });
    await updates.start(id);
    expect(ended).to.have.property('aborted', true);
    expect(view()).to.deep.equal({ kind: 'nothing' });
  });

  it('lets the browser ask from a tap, then does again what failed', async () => {
    const { checks, doctor, id, view, asked } = await given({ code: 'not-allowed' });
    await checks.check(id);
    await settled();
    const seen: string[] = [];
    doctor.$doctor(id).listen(({ kind }) => seen.push(kind));
    await doctor.allowLocalNetwork(id);
    await settled();
    expect(seen[0]).to.equal('allowing');
    expect(asked).to.deep.equal(['not-allowed', 'the browser']);
    expect(checks.$check(id).get().kind).to.equal('answered');
    expect(view()).to.deep.equal({ kind: 'nothing' });
  });

  it('puts the gateway first again when told to, and asks', async () => {
    const { checks, devices, doctor, id, heal } = await given();
    await devices.learn(id, { route: 'direct', gatewayFailedAt: NOW });
    await checks.check(id);
    heal();
    await doctor.useGateway(id);
    // Only an answer changes the route that it was last reached by.
    expect(devices.find(id)).to.include({ route: 'direct', gatewayFailedAt: null });
    expect(checks.$check(id).get().kind).to.equal('answered');
  });

  it('moves the device to the port that answers', async () => {
    const { devices, doctor, id } = await given();
    for (const [origin, typed] of [
      ['http://192.168.1.50', 'http://192.168.1.50:80'],
      ['https://192.168.1.50', 'https://192.168.1.50:443'],
      ['http://192.168.1.50:8080', 'http://192.168.1.50:8080'],
    ] as const) {
      await doctor.moveTo(id, origin);
      expect(devices.find(id)?.typed).to.equal(typed);
    }
  });

  it('moves no device to where another one is saved, and says which', async () => {
    const { devices, doctor, id, view } = await given();
    await savedDevice(devices, { name: 'Hall lamp', address: 'http://192.168.1.50:80' });
    await doctor.moveTo(id, 'http://192.168.1.50');
    const now = view();
    expect(now.kind === 'found' && now.finding.sentence).to.contain('“Hall lamp”');
    expect(devices.find(id)?.typed).to.equal('192.168.1.50');
  });

  it('takes the path that the device told, keeps what was typed, and does again what failed', async () => {
    const { checks, devices, doctor, id, heal } = await given();
    await checks.check(id);
    await settled();
    heal();
    await doctor.usePrefix(id, '/fw');
    expect(devices.find(id)).to.include({ prefix: '/fw', typed: '192.168.1.50', origin: 'http://192.168.1.50:8080' });
    expect(checks.$check(id).get().kind).to.equal('answered');
  });

  it('takes that path also where another one was typed with the address', async () => {
    const { devices, doctor } = await given();
    for (const [address, typed] of [
      ['esp32.local/old', 'http://esp32.local:8080'],
      ['lamp.local/old/', 'http://lamp.local:8080'],
      ['hall.local', 'hall.local'],
    ] as const) {
      const { id } = await savedDevice(devices, { name: address, address });
      await doctor.usePrefix(id, '/fw');
      expect(devices.find(id)).to.include({ prefix: '/fw', typed });
    }
  });

  it('looks also where a device was only busy, for that may be a ban', async () => {
    const { checks, id, view, asked } = await given({ code: 'busy' });
    await checks.check(id);
    await settled();
    expect(asked).to.deep.equal(['busy']);
    expect(view()).to.deep.equal({ kind: 'found', finding: shown(CLOSED) });
  });

  it('forgets a device that is removed', async () => {
    const { checks, devices, id, asked } = await given();
    await devices.remove(id);
    await checks.check(id);
    await settled();
    expect(asked).to.deep.equal([]);
  });
});
