/** Which secrets are sent, and what is found where they are not enough. */
import { expect } from 'chai';
import type { Credentials } from '../../../src/device/device-request.ts';
import type { DeviceTarget } from '../../../src/device/target.ts';
import { DIALECTS, TRAITS } from '../../../src/model/device/dialect.ts';
import type { Traits } from '../../../src/model/device/traits.ts';
import { target } from '../given.ts';
import {
  NO_ANSWER,
  OPAQUE,
  GIVEN_UP,
  WELL,
  EMPTY,
  GONE,
  REFUSED_TOKEN,
  NOT_LOGGED_IN,
  TOO_MANY,
  answer,
  byGateway,
  self,
  probesFor,
  findsEach,
  type Scene,
} from './reach-scene.ts';
import { diagnose } from './told.ts';

describe('the connection doctor', () => {
  findsEach([
    ['a second credential', { asked: NOT_LOGGED_IN }, 'login-wanted', 'edit-device'],
    [
      'a second credential that is another one',
      { asked: NOT_LOGGED_IN, to: { login: { user: 'ada', password: 'x' } } },
      'login-wanted',
      'edit-device',
    ],
    [
      'a documented device that says no in these words',
      { asked: NOT_LOGGED_IN, to: { dialect: 'documented' } },
      'wrong-token',
      'edit-device',
    ],
    ['a wrong token', { asked: answer('unauthorised', 401) }, 'wrong-token', 'edit-device'],
    [
      'a token that one header was refused for, and the other cannot be sent',
      { byTokenHeader: answer('unauthorised', 401) },
      'header-refused',
      'copy-cors-lines',
    ],
    [
      'no status by the one header, and the other cannot be sent',
      { byTokenHeader: answer('no-route', 404) },
      'header-refused',
      'copy-cors-lines',
    ],
    [
      'a token that Bearer was refused for, and the other header cannot be sent',
      { byBearer: answer('unauthorised', 401) },
      'header-refused',
      'copy-cors-lines',
    ],
    [
      'a token that the header of a known dialect was refused for',
      { byTokenHeader: answer('unauthorised', 401), to: { dialect: 'shipped' } },
      'wrong-token',
      'edit-device',
    ],
    [
      'a header that cannot be sent, and no status by Bearer',
      { byTokenHeader: NO_ANSWER, byBearer: GONE },
      'wrong-prefix',
      'edit-device',
    ],
    ['all is well by Bearer alone', { byTokenHeader: NO_ANSWER, byBearer: WELL }, 'answers', 'try-again'],
    [
      'refused by one header, taken by the other',
      { byTokenHeader: answer('unauthorised', 401), byBearer: WELL },
      'answers',
      'try-again',
    ],
  ]);

  it('says whether the login is missing or refused, and lists its header where it is to be sent', async () => {
    const login = { user: 'ada', password: 'secret' };
    const missing = await diagnose(target(), probesFor({ asked: NOT_LOGGED_IN }).probes);
    expect(missing.sentence).to.include('needs a user and a password');
    const wrong = await diagnose(target({ login }), probesFor({ asked: NOT_LOGGED_IN }).probes);
    expect(wrong.sentence).to.include('refused the user or the password');
    const { remedy } = await diagnose(target({ login, dialect: 'shipped' }), probesFor({ probed: OPAQUE }).probes);
    expect(remedy).to.have.property('text').that.includes('["Authorization", "Content-Type", "X-OTA-Token"]');
  });

  it('sends no Bearer to a device that would count it as a failed login', async () => {
    const cases: readonly (readonly [Scene, Partial<DeviceTarget>])[] = [
      [{ byTokenHeader: NOT_LOGGED_IN }, {}],
      [{ byTokenHeader: answer('unauthorised', 401) }, { login: { user: 'ada', password: 'x' } }],
      [
        { byTokenHeader: answer('unauthorised', 401) },
        { login: { user: 'ada', password: 'x' }, dialect: 'documented' },
      ],
    ];
    for (const [scene, to] of cases) {
      const { probes, tried } = probesFor(scene);
      await diagnose(target(to), probes);
      expect(tried).to.deep.equal(['ask token-header']);
    }
    const shipped = self([{ prefix: '/ota', dialect: 'shipped' }]);
    for (const [scene, expected] of [
      [{ asked: REFUSED_TOKEN, told: shipped }, ['ask token-header', 'describe']],
      // A device built to the documentation may say the same to a header that it does not read.
      [{ asked: REFUSED_TOKEN }, ['ask token-header', 'describe', 'ask bearer']],
      [{ asked: REFUSED_TOKEN, told: self([]) }, ['ask token-header', 'describe', 'ask bearer']],
      [
        { asked: REFUSED_TOKEN, told: self([{ prefix: '/fw', dialect: 'shipped' }]) },
        ['ask token-header', 'describe', 'ask bearer'],
      ],
      [{ asked: REFUSED_TOKEN, told: shipped, to: { dialect: 'shipped' } }, ['ask token-header']],
      [{ asked: answer('unauthorised', 401) }, ['ask token-header', 'ask bearer']],
    ] as const) {
      const { probes, tried } = probesFor(scene);
      const { kind } = await diagnose(target('to' in scene ? scene.to : {}), probes);
      expect([kind, tried]).to.deep.equal(['wrong-token', expected]);
    }
  });

  it('asks once more before it says that a device has shut us out', async () => {
    const { probes, tried } = probesFor({ asked: TOO_MANY, withoutToken: EMPTY });
    await diagnose(target({ dialect: 'shipped' }), probes);
    expect(tried).to.deep.equal(['ask token-header', 'ask none', 'ask token-header']);
  });

  it('shows the token in no second header to a web page or to the gateway', async () => {
    for (const asked of [answer('unauthorised', 401, 'page'), byGateway(answer('unauthorised', 401))]) {
      const { probes, tried } = probesFor({ asked });
      await diagnose(target(), probes);
      expect(tried).to.deep.equal(['ask token-header']);
    }
  });

  it('sends the secret of each dialect in its header, or not at all where it has none', async () => {
    const sentAs: Readonly<Record<Traits['tokenIn'], Credentials>> = {
      'token-header': 'token-header',
      bearer: 'bearer',
      pin: 'none',
      login: 'none',
      password: 'none',
    };
    for (const dialect of DIALECTS) {
      const { probes, tried } = probesFor({});
      await diagnose(target({ dialect }), probes);
      expect(tried[0], dialect).to.equal(`ask ${sentAs[TRAITS[dialect].tokenIn]}`);
    }
  });

  it('sends the token in the header of a known dialect only', async () => {
    const cases = [
      [{ dialect: 'shipped' }, ['ask token-header']],
      [{ dialect: 'documented' }, ['ask bearer']],
      [{ protocol: 'documented', dialect: 'shipped' }, ['ask bearer']],
      [{}, ['ask token-header', 'ask bearer']],
    ] as const;
    for (const [to, expected] of cases) {
      const { probes, tried } = probesFor({ probed: GIVEN_UP });
      await diagnose(target(to), probes);
      expect(tried).to.deep.equal([...expected, 'probe http://192.168.1.50:8080']);
    }
  });
});
