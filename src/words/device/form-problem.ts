/** Why a device is not saved as it was described. */
import type { FormProblem } from '../../model/device/form-problem.ts';
import { wrongAddressInWords } from './address.ts';
import { LOGIN_AS_DOCUMENTED, wrongLoginInWords } from './login.ts';

export const TOKEN_SIGNS = 'A token has no spaces and no letters outside of ASCII.';

export function formProblemInWords(problem: FormProblem): string {
  switch (problem.kind) {
    case 'no-name':
      return 'Give the device a name, to know it by.';
    case 'too-long':
      return `It has ${problem.length} characters. Use ${problem.most} at most.`;
    case 'hidden-signs':
      return 'It has a line break or another sign that cannot be shown. Leave that out.';
    case 'wrong-address':
    case 'wrong-prefix':
      return wrongAddressInWords(problem.wrong);
    case 'two-prefixes':
      return `The address ends with the path ${problem.prefix}. Change it there, or leave it out there.`;
    case 'address-taken':
      return `“${problem.name}” has this address already. Use another one, or edit that device.`;
    case 'header-signs':
      return 'A header name has letters, digits and dashes only.';
    case 'header-never-sent':
      return 'No browser lets a page send a header of this name. Look it up in the device’s program.';
    case 'token-signs':
      return TOKEN_SIGNS;
    case 'token-locked':
      return 'The token is kept for the address that the device had. Unlock it to take it along, or type one.';
    case 'login-as-documented':
      return LOGIN_AS_DOCUMENTED;
    case 'wrong-login':
      return wrongLoginInWords(problem.wrong);
  }
}
