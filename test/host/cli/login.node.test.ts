import { expect } from 'chai';
import { loginOf, type LoginAsked } from '../../../src/host/cli/login.ts';

const asked = (more: Partial<LoginAsked>): LoginAsked => ({
  ...{ user: 'ada', variable: 'MOULT_PASSWORD', protocol: 'automatic', token: '', env: {} },
  ...more,
});

describe('A user on the command line', () => {
  it('has the password that is there for it, and leaves the token where it was', () => {
    const read = loginOf(asked({ token: 'abc', env: { MOULT_PASSWORD: '1815' } }));
    expect(read).to.deep.equal({ kind: 'login', login: { user: 'ada', password: '1815' }, token: 'abc' });
  });

  it('has the token for its password where there is no other, and then no token', () => {
    const read = loginOf(asked({ token: 'pass word' }));
    expect(read).to.deep.equal({ kind: 'login', login: { user: 'ada', password: 'pass word' }, token: '' });
  });

  it('does not take the token for a password where a device can have both', () => {
    const read = loginOf(asked({ token: 'abc', protocol: 'shipped' }));
    expect(read).to.deep.equal({ kind: 'wrong', problem: { kind: 'no-password', variable: 'MOULT_PASSWORD' } });
  });

  it('is refused without any password, and where the token is in its place', () => {
    expect(loginOf(asked({}))).to.deep.include({ problem: { kind: 'no-password', variable: 'MOULT_PASSWORD' } });
    expect(loginOf(asked({ token: 'x', protocol: 'documented' }))).to.deep.include({
      problem: { kind: 'login-as-documented' },
    });
    expect(loginOf(asked({ user: 'a:b', token: 'x' }))).to.deep.include({
      problem: { kind: 'wrong-login', wrong: { kind: 'colon-in-user' } },
    });
  });
});
