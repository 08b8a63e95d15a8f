/** Why a device is not saved as it was described. */
import type { FormProblem } from '../../../model/device/form-problem.ts';
import type { WrongTokenHeader } from '../../../model/device/secrets/token-header.ts';
import { counted, whole } from '../../kit/locale.ts';
import { wrongAddressInWords } from '../address.ts';
import { LOGIN_AS_DOCUMENTED, wrongLoginInWords } from './login.ts';

export const TOKEN_CHARACTERS = 'A token can’t contain spaces or non-ASCII letters.';

export function wrongHeaderInWords(wrong: WrongTokenHeader): string {
  switch (wrong) {
    case 'header-characters':
      return 'A header name can contain only letters, digits and hyphens.';
    case 'header-never-sent':
      return 'Browsers don’t let a page send a header with this name. Look it up in the device’s program.';
    case 'header-taken':
      return 'A header with this name has another meaning, so no token is sent in it. Choose another name, also in the device’s program.';
  }
}

export function formProblemInWords(problem: FormProblem): string {
  switch (problem.kind) {
    case 'no-name':
      return 'Give the device a name.';
    case 'too-long':
      return `This has ${counted(problem.length, 'character', 'characters')}. Use at most ${whole(problem.most)}.`;
    case 'hidden-characters':
      return 'It contains a line break or another invisible character. Remove it.';
    case 'wrong-address':
    case 'wrong-prefix':
      return wrongAddressInWords(problem.wrong);
    case 'two-prefixes':
      return `The address already ends with the path ${problem.prefix}. Change or remove it there.`;
    case 'address-taken':
      return `“${problem.name}” already has this address. Use another one, or edit that device.`;
    case 'header-characters':
    case 'header-never-sent':
    case 'header-taken':
      return wrongHeaderInWords(problem.kind);
    case 'token-characters':
      return TOKEN_CHARACTERS;
    case 'token-locked':
      return 'The saved token belongs to the device’s previous address. Unlock it to keep it, or type a new one.';
    case 'login-as-documented':
      return LOGIN_AS_DOCUMENTED;
    case 'wrong-login':
      return wrongLoginInWords(problem.wrong);
  }
}
