/** What is wrong with a list of devices, in words: where, which field, and what belongs there. */
import type { RowFault, RowProblem } from '../../model/device/device-list.ts';
import { wrongAddressInWords } from '../device/address.ts';

export const IMPORT_HINT =
  'A backup, the list of “moult push --devices”, or CSV. Nothing is changed before you have seen what it is.';

export const PASTE = 'Paste lines';

export const PASTED_LINES = 'Devices, one a line';

export const PASTED_EXAMPLE = 'Kitchen sensor, 192.168.1.50, token';

export const PASTE_HINT =
  'Name, address and token, with commas, semicolons or tabs between them. An address alone does, too. A first line with titles may name group, chip, protocol and header as well.';

export const LOOK_AT_LINES = 'Look at them';

export function rowProblemText(problem: RowProblem): string {
  const { line, isEntry = false, field } = problem;
  const place = isEntry ? `Device ${line} of the list` : `Line ${line}`;
  const named = field === null ? '' : `, ${field === 'tokenHeader' ? 'header' : field}`;
  return `${place}${named}: ${problemText(problem, isEntry)} Nothing was changed.`;
}

function problemText(fault: RowFault, isEntry: boolean): string {
  if (fault.problem === 'not-an-address') return wrongAddressInWords(fault.address);
  const { problem, said = '' } = fault;
  switch (problem) {
    case 'empty':
      return 'there is no device here. Write one a line, as: name, address, token.';
    case 'too-many':
      return 'there are more devices than fit. Import them in parts.';
    case 'open-quote':
      return 'a quote begins here, and nothing ends it.';
    case 'after-quote':
      return 'something stands behind a closing quote. Two quotes are one that belongs to the text.';
    case 'too-many-cells':
      return 'there is more here than name, address and token, or than the first line has titles for.';
    case 'unknown-column':
      return `no column is called “${said}”. There are name, address, token, group, chip, protocol and header.`;
    case 'column-twice':
      return 'there are two columns of it.';
    case 'not-a-list':
      return 'this is no list as “moult push --devices” takes it.';
    case 'unknown-key':
      return `a device has no “${said}” in such a list.`;
    case 'missing':
      return 'a device needs one.';
    case 'wrong-type':
      return 'it is no text.';
    case 'too-long':
      return `it has more than ${said} characters.`;
    case 'hidden-signs':
      return 'it has a line break or another sign that cannot be shown.';
    case 'token-signs':
      return 'a token has no spaces and no letters outside of ASCII.';
    case 'not-a-header':
      return 'no page can send a header of this name.';
    case 'unknown-chip':
      return 'no chip is called so. Write it as ESP32-S3.';
    case 'unknown-protocol':
      return 'it is automatic, documented or shipped.';
    case 'duplicate':
      return `it is the same as in ${isEntry ? 'device' : 'line'} ${said}.`;
  }
}
