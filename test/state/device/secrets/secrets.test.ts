import { expect } from 'chai';
import { loginKey, loginText, packed, readLogin, unpacked } from '../../../../src/state/device/secrets/secrets.ts';
import { LONGEST_LOGIN, wrongInLogin } from '../../../../src/model/device/secrets/login.ts';
import { fc } from '../../../random.ts';

const token = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  maxLength: 1024,
});
const login = fc
  .record({
    user: fc.string({ unit: 'grapheme', maxLength: LONGEST_LOGIN.user }),
    password: fc.string({ unit: 'grapheme', minLength: 1, maxLength: LONGEST_LOGIN.password }),
  })
  .filter((each) => wrongInLogin(each) === null);

describe('A login, kept as text', () => {
  it('is read back as it was', () => {
    fc.assert(
      fc.property(login, (each) => {
        expect(readLogin(loginText(each))).to.deep.equal(each);
      }),
    );
  });

  it('is none where the text is anything else', () => {
    for (const text of [null, '', 'secret', '[]', 'null', '{}', '{"user":"a"}', '{"user":1,"password":"b"}']) {
      expect(readLogin(text), String(text)).to.equal(null);
    }
    expect(readLogin('{"user":"a:b","password":"c"}')).to.equal(null);
    expect(readLogin('{"user":"a","password":""}')).to.equal(null);
  });

  it('lies apart from the token of the same device, and of every other', () => {
    expect(loginKey('0a1b')).to.equal('0a1b login');
  });
});

describe('Token and login as one text', () => {
  it('are read back as they were, and pass for a token in a backup', () => {
    fc.assert(
      fc.property(
        fc.option(
          token.filter((each) => each !== ''),
          { nil: null },
        ),
        fc.option(login, { nil: null }),
        (each, other) => {
          const text = packed({ token: each, login: other });
          if (text === null) {
            expect([each, other]).to.deep.equal([null, null]);
            return;
          }
          expect(text).to.match(/^[\x20-\x7e]{1,2560}$/);
          expect(unpacked(text)).to.deep.equal({ token: each, login: other });
        },
      ),
    );
  });

  it('are the token alone where there is no login', () => {
    expect(packed({ token: 'c0ffee', login: null })).to.equal('c0ffee');
    expect(packed({ token: '', login: null })).to.equal(null);
    expect(unpacked('{"token":"x"}')).to.deep.equal({ token: '{"token":"x"}', login: null });
  });

  it('are a token, odd as it is, where a stranger’s file has something else there', () => {
    for (const text of [
      ' {',
      ' {"token":"a"}',
      ' {"token":1,"user":"a","password":"b"}',
      ' {"user":"a","password":"b"}',
    ]) {
      expect(unpacked(text)).to.deep.equal({ token: text, login: null });
    }
  });
});
