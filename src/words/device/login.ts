/** What is wrong with a user and password. */
import type { WrongLogin } from '../../model/device/login.ts';

export const LOGIN_AS_DOCUMENTED = 'As documented, the token is in the header that a user and password would need.';

export function wrongLoginInWords(wrong: WrongLogin): string {
  switch (wrong.kind) {
    case 'too-long':
      return `The ${wrong.part} takes ${wrong.bytes} bytes, and there is room for ${wrong.most}.`;
    case 'control-sign':
      return `The ${wrong.part} has a sign that no header can carry. Leave that out.`;
    case 'colon-in-user':
      return 'A user name has no colon.';
    case 'no-password':
      return 'Type the password, too.';
    case 'no-bearer-token':
      return 'A bearer token has no spaces and no letters outside of ASCII. A password needs its user.';
  }
}
