import { expect } from 'chai';
import { LONGEST_LOGIN, wrongInLogin } from '../../../../src/model/device/secrets/login.ts';
import { wrongLoginInWords } from '../../../../src/words/device/dialog/login.ts';

describe('What can be sent as a login', () => {
  for (const [user, password, message] of [
    ['ada', 'pass:word', null],
    ['ädä', 'schlüssel ✓', null],
    ['', 'bearer-token', null],
    ['', '', null],
    ['a:b', 'x', 'colon'],
    ['ada', '', 'password as well'],
    ['ada\n', 'x', 'The user contains a character'],
    ['ada', 'x\u0000', 'The password contains a character'],
    ['', 'with space', 'bearer token'],
    ['', 'schlüssel', 'bearer token'],
    ['x'.repeat(65), 'x', 'has 65 bytes. The limit is 64'],
    ['ä'.repeat(33), 'x', 'has 66 bytes'],
    ['x', 'x'.repeat(129), 'has 129 bytes'],
  ] as const) {
    it(`${message === null ? 'takes' : 'refuses'} ${JSON.stringify([user, password]).slice(0, 40)}`, () => {
      const wrong = wrongInLogin({ user, password });
      expect(wrong === null ? null : wrongLoginInWords(wrong)).to.satisfy((said: string | null) =>
        message === null ? said === null : said?.includes(message),
      );
    });
  }

  it('leaves room for a chunk of 3,072 bytes in one request, beside a token of 64 characters', () => {
    // A request of Chromium with such a token and no body; recorded with 3,403 bytes of body in 4,096.
    const head = 4096 - 3403;
    const longest =
      'authorization: Basic \r\n'.length + 4 * Math.ceil((LONGEST_LOGIN.user + 1 + LONGEST_LOGIN.password) / 3);
    expect(head + longest).to.be.at.most(4096 - 3072);
  });
});
