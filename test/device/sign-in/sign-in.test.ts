import { expect } from 'chai';
import { LoginSignIn } from '../../../src/device/sign-in/sign-in.ts';

const LOGIN = { user: 'admin', password: 'pass word' };
const DIGEST = 'Digest realm="r", nonce="1", qop="auth"';

describe('Signing in to a device', () => {
  it('sends nothing before it was asked', () => {
    expect(new LoginSignIn(LOGIN).authorization('GET', '/')).to.equal(null);
  });

  it('answers Basic, once', () => {
    const signIn = new LoginSignIn(LOGIN);
    expect(signIn.take('Basic realm="r"')).to.equal(true);
    expect(signIn.authorization('GET', '/')).to.equal(`Basic ${btoa('admin:pass word')}`);
    expect(signIn.take('Basic realm="another"')).to.equal(false);
  });

  it('counts its answers to one nonce, and begins anew with the next', () => {
    const signIn = new LoginSignIn(LOGIN);
    signIn.take(DIGEST);
    const [first, second] = [signIn.authorization('GET', '/a'), signIn.authorization('POST', '/b?c=1')];
    expect(first).to.contain('nc=00000001').and.contain('uri="/a"');
    expect(second).to.contain('nc=00000002').and.contain('uri="/b?c=1"');
    const cnonce = (header: string | null) => /cnonce="(\w+)"/.exec(header ?? '')?.[1];
    expect(cnonce(first)).to.equal(cnonce(second)).and.have.length(16);
    expect(signIn.take(DIGEST)).to.equal(false);
    expect(signIn.take(DIGEST.replace('"1"', '"2"'))).to.equal(true);
    const third = signIn.authorization('GET', '/a');
    expect(third).to.contain('nc=00000001').and.contain('nonce="2"');
    expect(cnonce(third)).to.not.equal(cnonce(first));
  });

  it('sends no password in clear text where its hash was asked for before', () => {
    const signIn = new LoginSignIn(LOGIN);
    signIn.take(DIGEST);
    expect(signIn.take('Basic realm="r"')).to.equal(false);
    expect(signIn.authorization('GET', '/')).to.match(/^Digest /);
  });

  it('has no answer to a scheme that it does not know', () => {
    const signIn = new LoginSignIn(LOGIN);
    for (const asked of [null, '', 'Negotiate', 'Bearer']) expect(signIn.take(asked)).to.equal(false);
    expect(signIn.authorization('GET', '/')).to.equal(null);
  });
});
