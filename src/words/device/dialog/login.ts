/** What is wrong with a user and password. */
import { whole } from '../../kit/locale.ts';
import { exactBytes } from '../../kit/quantities.ts';
import type { WrongLogin } from '../../../model/device/secrets/login.ts';

export const LOGIN_AS_DOCUMENTED =
  'With ViperHTTP as documented, the token takes the header that a user and password would need.';

export function wrongLoginInWords(wrong: WrongLogin): string {
  switch (wrong.kind) {
    case 'too-long':
      return `The ${wrong.part} has ${exactBytes(wrong.bytes)}. The limit is ${whole(wrong.most)}.`;
    case 'control-character':
      return `The ${wrong.part} contains a character that can’t be sent. Remove it.`;
    case 'colon-in-user':
      return 'A user name can’t contain a colon.';
    case 'no-password':
      return 'Type the password as well.';
    case 'no-bearer-token':
      return 'A bearer token can’t contain spaces or non-ASCII letters. A password needs a user.';
  }
}
