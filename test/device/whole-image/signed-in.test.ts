/** A question to a device that wants a user and password. */
import { expect } from 'chai';
import { LoginSignIn } from '../../../src/device/sign-in/sign-in.ts';
import { SignedIn } from '../../../src/device/whole-image/signed-in.ts';
import { TRAITS } from '../../../src/model/device/dialect.ts';
import type { Traits } from '../../../src/model/device/traits.ts';
import type { Login } from '../../../src/model/device/secrets/login.ts';
import { answering, errorOf, limits, ORIGIN, target } from '../given.ts';
import { ManualClock } from '../manual-clock.ts';

const TRAIT: Traits = { ...TRAITS.wled, tokenIn: 'login', usualUser: 'admin' };
const NAMELESS: Traits = { ...TRAITS.wled, tokenIn: 'login' };
const QUESTION = { kind: 'prepare', method: 'GET', route: '/update?x=1' } as const;

function refusal(challenge: string | null): Response {
  return new Response('no', { status: 401, headers: challenge === null ? {} : { 'WWW-Authenticate': challenge } });
}

const BASIC = 'Basic realm="r"';
const DIGEST = 'Digest realm="r", nonce="1", qop="auth"';

function asked(
  answers: readonly (Response | Error)[],
  given: {
    readonly token?: string;
    readonly login?: Login | null;
    readonly inPage?: boolean;
    readonly own?: boolean;
    readonly usual?: null;
  },
) {
  const { fetch, seen } = answering(...answers);
  const { token = '', login = null, inPage = false, own = false, usual } = given;
  const signIn = (one: Login) => new LoginSignIn(one);
  const world = { fetch, clock: new ManualClock(), ...(inPage ? {} : { signIn }) };
  const device = new SignedIn(target({ token, login }), world, usual === null ? NAMELESS : TRAIT, { asOwnPage: own });
  const sent = () => seen.map(({ init }) => init.headers.get('authorization'));
  return { device, seen, sent, ask: () => device.ask(QUESTION, limits()) };
}

const LOGIN = { user: 'joe', password: 'secret' };

describe('A device that wants a user and password', () => {
  it('is asked without them first, and gets them where it asks for them', async () => {
    const { ask, sent, device } = asked([refusal(BASIC), new Response('yes'), new Response('again')], { login: LOGIN });
    expect((await ask()).text).to.equal('yes');
    expect((await ask()).text).to.equal('again');
    const basic = `Basic ${btoa('joe:secret')}`;
    expect(sent()).to.deep.equal([null, basic, basic]);
    expect(device.headersFor('POST', '/u')).to.deep.equal({ authorization: basic });
  });

  it('gets the hash of them where it asks for that, for the very path with its query', async () => {
    const { ask, sent, device } = asked([refusal(`${BASIC}, ${DIGEST}`), new Response('yes')], { login: LOGIN });
    await ask();
    expect(sent()[1]).to.match(/^Digest .*uri="\/update\?x=1", .*nc=00000001/);
    expect(device.headersFor('POST', '/u')['authorization']).to.match(/uri="\/u", .*nc=00000002/);
  });

  it('gets nothing where it asks for nothing', async () => {
    const { ask, sent } = asked([new Response('yes')], { login: LOGIN });
    await ask();
    expect(sent()).to.deep.equal([null]);
  });

  it('gets a kept token as the password of its usual user', async () => {
    const { ask, sent } = asked([refusal(BASIC), new Response('yes')], { token: 'secret' });
    await ask();
    expect(sent()[1]).to.equal(`Basic ${btoa('admin:secret')}`);
  });

  it('gets a password without a user as that of its usual user, and a token as one without where it has none', async () => {
    const named = asked([refusal(BASIC), new Response('yes')], { login: { user: '', password: 'secret' } });
    await named.ask();
    expect(named.sent()[1]).to.equal(`Basic ${btoa('admin:secret')}`);
    const nameless = asked([refusal(BASIC), new Response('yes')], { token: 'secret', usual: null });
    await nameless.ask();
    expect(nameless.sent()[1]).to.equal(`Basic ${btoa(':secret')}`);
  });

  it('is asked a second time only once, and not at all without an answer', async () => {
    const wrong = asked([refusal(DIGEST), refusal(DIGEST.replace('"1"', '"2"'))], { login: LOGIN });
    expect(await errorOf(wrong.ask())).to.include({ code: 'unauthorised', status: 401 });
    const none = asked([refusal(BASIC)], {});
    expect(await errorOf(none.ask())).to.include({ code: 'unauthorised' });
    const unknown = asked([refusal('Negotiate')], { login: LOGIN });
    expect(await errorOf(unknown.ask())).to.include({ code: 'unauthorised' });
    const silent = asked([refusal(null)], { login: LOGIN });
    expect(await errorOf(silent.ask())).to.include({ code: 'unauthorised' });
    expect([...wrong.seen, ...none.seen, ...unknown.seen, ...silent.seen]).to.have.length(5);
  });

  it('takes up a new nonce of a device that has restarted', async () => {
    const next = DIGEST.replace('"1"', '"2"');
    const { ask, sent } = asked([refusal(DIGEST), new Response('1'), refusal(next), new Response('2')], {
      login: LOGIN,
    });
    await ask();
    expect((await ask()).text).to.equal('2');
    expect(sent()[3]).to.contain('nonce="2"');
  });

  it('needs the host, where a page alone would have to answer', async () => {
    const { ask } = asked([refusal(null)], { login: LOGIN, inPage: true });
    expect(await errorOf(ask())).to.include({ code: 'needs-host' });
    const none = asked([refusal(null)], { inPage: true });
    expect(await errorOf(none.ask())).to.include({ code: 'unauthorised' });
  });

  it('gets the headers of its own page where it wants them', async () => {
    const { ask, seen, device } = asked([new Response('yes')], { own: true });
    await ask();
    const own = { origin: ORIGIN, referer: `${ORIGIN}/` };
    expect(Object.fromEntries(seen[0]?.init.headers ?? [])).to.deep.equal(own);
    expect(device.headersFor('POST', '/u')).to.deep.equal(own);
  });
});
