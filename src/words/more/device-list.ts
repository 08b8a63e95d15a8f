/** What is wrong with a list of devices, in words: where, which field, and what belongs there. */
import type { RowFault, RowProblem } from '../../model/device/device-list.ts';
import { PROTOCOLS } from '../../model/device/dialect.ts';
import { wrongHeaderInWords } from '../device/dialog/form-problem.ts';
import { LOGIN_AS_DOCUMENTED, wrongLoginInWords } from '../device/dialog/login.ts';
import { anyOf } from '../kit/locale.ts';
import { wrongAddressInWords } from '../device/address.ts';

export const IMPORT_HINT =
  'A backup, the list of “moult push --devices”, or CSV. You see what would change before anything does.';

export const PASTE = 'Paste lines';

export const PASTED_LINES = 'Devices, one per line';

export const PASTED_EXAMPLE = 'Kitchen sensor, 192.168.1.50, token';

export const PASTE_HINT =
  'Name, address and token, with commas, semicolons or tabs between them. An address alone works too. A first line with column titles can add group, chip, protocol, header, user and password.';

export const LOOK_AT_LINES = 'Preview';

export function rowProblemText(problem: RowProblem): string {
  const { line, isEntry = false, field } = problem;
  const place = isEntry ? `Device ${line} of the list` : `Line ${line}`;
  const named = field === null ? '' : `, ${field === 'tokenHeader' ? 'header' : field}`;
  return `${place}${named}: ${problemText(problem, isEntry)} Nothing was changed.`;
}

function problemText(fault: RowFault, isEntry: boolean): string {
  if (fault.kind === 'not-an-address') return wrongAddressInWords(fault.address);
  if (fault.kind === 'not-a-header') return wrongHeaderInWords(fault.header);
  if (fault.kind === 'not-a-login') return wrongLoginInWords(fault.login);
  const { kind, said = '' } = fault;
  switch (kind) {
    case 'empty':
      return 'there are no devices here. Write one per line: name, address, token.';
    case 'too-many':
      return 'there are too many devices. Import them in parts.';
    case 'open-quote':
      return 'a quote is opened here and never closed.';
    case 'after-quote':
      return 'something follows a closing quote. Write a quote inside text as two quotes.';
    case 'too-many-cells':
      return 'there is more here than name, address and token, or than the first line has titles for.';
    case 'unknown-column':
      return `there is no column “${said}”. The columns are name, address, token, group, chip, protocol, header, user and password.`;
    case 'column-twice':
      return 'there are two columns with this name.';
    case 'not-a-list':
      return 'this is not a list for “moult push --devices”.';
    case 'unknown-key':
      return `a device in such a list has no “${said}”.`;
    case 'missing':
      return 'a device needs one.';
    case 'wrong-type':
      return 'it is not text.';
    case 'too-long':
      return `it has more than ${said} characters.`;
    case 'hidden-characters':
      return 'it contains a line break or another invisible character.';
    case 'token-characters':
      return 'a token can’t contain spaces or non-ASCII letters.';
    case 'login-as-documented':
      return LOGIN_AS_DOCUMENTED;
    case 'password-without-user':
      return 'a password needs a user.';
    case 'unknown-chip':
      return 'this chip is unknown. Write it like ESP32-S3.';
    case 'unknown-protocol':
      return `it must be ${anyOf(PROTOCOLS)}.`;
    case 'duplicate':
      return `it is the same as in ${isEntry ? 'device' : 'line'} ${said}.`;
  }
}
