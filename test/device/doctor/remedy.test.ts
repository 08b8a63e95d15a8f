/** The one thing to do about each cause. */
import { expect } from 'chai';
import type { Cause, Remedy } from '../../../src/model/device/diagnosis.ts';
import { ORIGIN, target } from '../given.ts';
import { EVERY_CAUSE } from './every-cause.ts';
import { probesFor } from './reach-scene.ts';
import { diagnose } from './told.ts';

const AGAIN = { kind: 'try-again' } as const;
const EDIT_ADDRESS = { kind: 'edit-device', field: 'address' } as const;

const REMEDIES: Readonly<Record<Cause['kind'], Partial<Remedy>>> = {
  offline: AGAIN,
  'mixed-content': { kind: 'run-host', text: 'npm ci && npm start' },
  'page-not-secure': { kind: 'open-in-tab', what: 'page', url: 'https://moult.example' },
  'permission-not-asked': { kind: 'allow-local-network' },
  'permission-denied': { kind: 'site-settings' },
  'blocked-by-policy': { kind: 'copy-policy', text: "connect-src 'self' http: https:" },
  'cors-missing': { kind: 'copy-cors-lines' },
  'header-missing': { kind: 'copy-cors-lines' },
  'header-refused': { kind: 'copy-cors-lines' },
  'header-not-passed': { kind: 'edit-device', field: 'tokenHeader' },
  'bad-port': EDIT_ADDRESS,
  'wrong-port': { kind: 'try-port' },
  'port-closed': EDIT_ADDRESS,
  'no-such-name': EDIT_ADDRESS,
  'no-answer': AGAIN,
  'not-http': EDIT_ADDRESS,
  redirects: EDIT_ADDRESS,
  certificate: { kind: 'open-in-tab', what: 'device', url: 'https://192.168.1.50:8080/' },
  busy: AGAIN,
  'gateway-gone': AGAIN,
  'gateway-refused': EDIT_ADDRESS,
  answers: AGAIN,
  'cannot-tell': AGAIN,
  'somebody-answers': AGAIN,
  'wrong-prefix': { kind: 'edit-device', field: 'prefix' },
  'other-prefix': { kind: 'use-prefix', prefix: '/fw' },
  'other-dialect': { kind: 'edit-device', field: 'protocol' },
  'ota-off': { kind: 'copy-ota-lines' },
  'wrong-token': { kind: 'edit-device', field: 'token' },
  'login-wanted': { kind: 'edit-device', field: 'login', saved: false },
  banned: AGAIN,
  'too-many-requests': AGAIN,
  'loop-not-running': { kind: 'copy-loop-lines' },
  'untrusted-host': { kind: 'copy-host-lines' },
  unsupported: EDIT_ADDRESS,
  'not-a-device': EDIT_ADDRESS,
};

describe('the connection doctor', () => {
  it('has one thing to do for every cause', async () => {
    for (const [kind, scene] of Object.entries(EVERY_CAUSE)) {
      const found = await diagnose(target(scene.to), probesFor(scene).probes);
      expect(found.kind).to.equal(kind);
      expect(found.remedy, kind).to.deep.include(REMEDIES[found.kind]);
    }
  });

  it('opens the saved login for changes where the device refused it', async () => {
    const { asked } = { ...EVERY_CAUSE['login-wanted'] };
    if (asked === undefined) throw new Error('The scene has no answer.');
    const login = { user: 'ada', password: 'mistyped' };
    const { remedy } = await diagnose(target({ login }), probesFor({ asked }).probes);
    expect(remedy).to.include({ field: 'login', saved: true });
  });

  it('names the port that browsers keep away from', async () => {
    const scene = EVERY_CAUSE['bad-port'];
    const { sentence } = await diagnose(target(scene.to), probesFor(scene).probes);
    expect(sentence).to.contain(`port ${new URL(target(scene.to).origin).port}:`);
  });

  it('advises to use the IP address only where the device is saved by a name', async () => {
    const advised = async (origin: string) =>
      (await diagnose(target({ origin }), probesFor({ to: { origin } }).probes)).sentence.includes('its IP address');
    expect(await advised('http://esp32.local:8080')).to.equal(true);
    expect(await advised(ORIGIN)).to.equal(false);
  });
});
