/** What an answer of the device shows. */
import { expect } from 'chai';
import { target } from '../given.ts';
import {
  NO_ANSWER,
  OPAQUE,
  WELL,
  EMPTY,
  GONE,
  REFUSED_TOKEN,
  TOO_MANY,
  TIMED_OUT,
  answer,
  self,
  probesFor,
  findsEach,
  type Scene,
} from './reach-scene.ts';
import { diagnose } from './told.ts';

describe('the connection doctor', () => {
  findsEach([
    ['another prefix, or OTA off', { asked: GONE, control: GONE }, 'wrong-prefix', 'edit-device'],
    ['the same, as ViperHTTP says it', { asked: EMPTY, control: EMPTY }, 'wrong-prefix', 'edit-device'],
    ['the same where the other path is not answered', { asked: EMPTY }, 'wrong-prefix', 'edit-device'],
    [
      'the same at a documented device',
      { asked: EMPTY, control: EMPTY, to: { dialect: 'documented' } },
      'cannot-tell',
      'try-again',
    ],
    [
      'a server that answers JSON to everything',
      { asked: answer(null, 200, 'json'), control: answer(null, 200, 'json') },
      'wrong-prefix',
      'edit-device',
    ],
    ['OTA off, as the device tells', { asked: EMPTY, control: EMPTY, told: self([]) }, 'ota-off', 'copy-ota-lines'],
    [
      'a list of routes that is not ViperHTTP’s',
      { asked: EMPTY, control: EMPTY, told: self([], false) },
      'wrong-prefix',
      'edit-device',
    ],
    [
      'another prefix, as the device tells',
      { asked: EMPTY, control: EMPTY, told: self([{ prefix: '/fw', dialect: 'shipped' }]) },
      'other-prefix',
      'use-prefix',
    ],
    [
      'the same where nothing is 404',
      { asked: GONE, control: GONE, told: self([{ prefix: '/fw', dialect: 'documented' }], false) },
      'other-prefix',
      'use-prefix',
    ],
    [
      'a documented device without status, as it tells',
      { asked: EMPTY, control: EMPTY, told: self([{ prefix: '/ota', dialect: 'documented' }]) },
      'answers',
      'try-again',
    ],
    [
      'the other protocol than was set by hand, as the device tells',
      {
        ...{ asked: EMPTY, control: EMPTY, told: self([{ prefix: '/ota', dialect: 'documented' }]) },
        to: { protocol: 'shipped' },
      },
      'other-dialect',
      'edit-device',
    ],
    [
      'the same, heard from the token',
      {
        ...{ asked: REFUSED_TOKEN, told: self([{ prefix: '/ota', dialect: 'shipped' }]) },
        to: { protocol: 'documented' },
      },
      'other-dialect',
      'edit-device',
    ],
    [
      'the same, heard from a snapshot',
      { asked: WELL, to: { protocol: 'documented' } },
      'other-dialect',
      'edit-device',
    ],
    [
      'a wrong token in the protocol that was set by hand',
      { asked: REFUSED_TOKEN, told: self([{ prefix: '/ota', dialect: 'shipped' }]), to: { protocol: 'shipped' } },
      'wrong-token',
      'edit-device',
    ],
    [
      'a status of another shape, where no other path is answered so',
      { asked: answer(null, 200, 'json'), control: GONE },
      'answers',
      'try-again',
    ],
    [
      'the same after a check that it did not fit',
      { asked: answer(null, 200, 'json'), control: GONE, after: 'unknown-format' },
      'cannot-tell',
      'try-again',
    ],
    [
      'a status that is empty, after a check that it did not fit',
      { asked: answer(null, 204, 'empty'), control: GONE, after: 'garbled' },
      'cannot-tell',
      'try-again',
    ],
    [
      'the same from a device that is known to be shipped',
      { asked: answer(null, 200, 'json'), control: GONE, to: { dialect: 'shipped' } },
      'not-a-device',
      'edit-device',
    ],
    ['banned', { asked: TOO_MANY, withoutToken: REFUSED_TOKEN }, 'banned', 'try-again'],
    [
      'not banned after all',
      { asked: TOO_MANY, withoutToken: REFUSED_TOKEN, again: WELL },
      'too-many-requests',
      'try-again',
    ],
    ['too many requests from everybody', { asked: TOO_MANY, withoutToken: TOO_MANY }, 'too-many-requests', 'try-again'],
    ['too many requests, and nothing to compare with', { asked: TOO_MANY }, 'too-many-requests', 'try-again'],
    ['a loop that does not run', { asked: TIMED_OUT, control: TIMED_OUT }, 'loop-not-running', 'copy-loop-lines'],
    [
      'the same, where the header is not listed',
      { probed: OPAQUE, withoutToken: TIMED_OUT, control: TIMED_OUT },
      'loop-not-running',
      'copy-loop-lines',
    ],
    ['one route alone that takes too long', { asked: TIMED_OUT, control: EMPTY }, 'busy', 'try-again'],
    [
      'OTA off, where the header is not listed',
      { probed: OPAQUE, withoutToken: EMPTY, control: EMPTY, told: self([]) },
      'ota-off',
      'copy-ota-lines',
    ],
    [
      'the same after a begin that came to nothing',
      { asked: EMPTY, control: EMPTY, after: 'no-route', to: { dialect: 'documented' } },
      'wrong-prefix',
      'edit-device',
    ],
    [
      'begin was not found at a documented device',
      { asked: GONE, control: GONE, after: 'no-route', to: { dialect: 'documented' } },
      'wrong-prefix',
      'edit-device',
    ],
    [
      'a documented device without status',
      { asked: GONE, control: GONE, to: { dialect: 'documented' } },
      'cannot-tell',
      'try-again',
    ],
    [
      'the same, set by hand',
      { asked: GONE, control: GONE, to: { protocol: 'documented' } },
      'cannot-tell',
      'try-again',
    ],
    ...[EMPTY, GONE, WELL, answer(null, 200, 'page')].map(
      (asked) =>
        [
          `a lamp’s address, where anybody may have answered (${asked.body} ${asked.status})`,
          { withoutToken: asked, to: { dialect: 'wled' } },
          'somebody-answers',
          'try-again',
        ] as const,
    ),
    ['a router’s page that is not there', { asked: answer('no-route', 404, 'page') }, 'not-a-device', 'edit-device'],
    ['no OTA on board', { asked: answer('unsupported', 501) }, 'unsupported', 'edit-device'],
    ['a router', { asked: answer(null, 200, 'page') }, 'not-a-device', 'edit-device'],
    ['a router that asks who is there', { asked: answer('unauthorised', 401, 'page') }, 'not-a-device', 'edit-device'],
    ['a redirect', { asked: { ...NO_ANSWER, code: 'garbled', redirects: true } }, 'redirects', 'edit-device'],
    ['a busy device', { asked: answer('busy', 503) }, 'busy', 'try-again'],
    ['a device with trouble', { asked: answer('device-fault', 500) }, 'busy', 'try-again'],
    ['all is well', { asked: WELL }, 'answers', 'try-again'],
  ]);

  it('takes the remedy from what the device tells', async () => {
    const scene: Scene = {
      ...{ asked: EMPTY, control: EMPTY },
      told: self([
        { prefix: '/fw', dialect: 'shipped' },
        { prefix: '/old', dialect: 'shipped' },
      ]),
    };
    const { sentence, label, remedy } = await diagnose(target(), probesFor(scene).probes);
    expect(label).to.equal('Use /fw');
    expect(remedy).to.deep.equal({ kind: 'use-prefix', prefix: '/fw' });
    expect(sentence).to.include('reports the update path /fw').and.include('saved with /ota');
    const documented = { ...scene, told: self([{ prefix: '/ota', dialect: 'documented' }]) };
    const other = await diagnose(target({ protocol: 'shipped' }), probesFor(documented).probes);
    expect(other.sentence).to.include('uses ViperHTTP as documented').and.include('set to “ViperHTTP as shipped”');
  });

  it('gives lines that turn updates on just there, and none with the token in it', async () => {
    const scene: Scene = { asked: EMPTY, control: EMPTY, told: self([]) };
    const asked = target({ origin: 'http://192.168.1.50', prefix: '/fw', tokenHeader: 'X-Key', token: 'geheim' });
    const { remedy } = await diagnose(asked, probesFor(scene).probes);
    if (remedy.kind !== 'copy-ota-lines') throw new Error(remedy.kind);
    expect(remedy.text.split('\n')).to.include.members([
      'app.run(port=80, ota=True, ota_token="…", ota_prefix="/fw", ota_token_header="X-Key")',
    ]);
    expect(remedy.text)
      .to.match(/^asyncio\.get_event_loop\(\)\.run_forever\(\)[^\n]*$/m)
      .and.not.contain('geheim');
    const secure = await diagnose(target({ origin: 'https://192.168.1.50' }), probesFor(scene).probes);
    expect(secure.remedy).to.have.property('text').that.includes('app.run(port=443, https=True, ');
  });

  it('gives the lines that keep a program running', async () => {
    const { remedy } = await diagnose(target(), probesFor({ asked: TIMED_OUT, control: TIMED_OUT }).probes);
    expect(remedy)
      .to.have.property('text')
      .that.matches(/^import asyncio\n[^]*\nasyncio\.get_event_loop\(\)\.run_forever\(\)/);
  });

  it('compares a path that cannot exist with the status, in the same header', async () => {
    for (const [to, way] of [
      [{ dialect: 'shipped' }, 'token-header'],
      [{ dialect: 'documented' }, 'bearer'],
    ] as const) {
      const { probes, tried } = probesFor({ asked: EMPTY, control: EMPTY });
      await diagnose(target(to), probes);
      expect(tried).to.deep.equal([`ask ${way}`, `control ${way}`, 'describe']);
    }
  });
});
