/** What is wrong with the list of devices of `moult push --devices`, or with a backup in its place. */
import { PASSPHRASE_VARIABLE } from '../../model/host/environment.ts';
import type { ListedProblem, ListProblem, LoginProblem } from '../../model/host/usage-problem.ts';
import type { BackupFileRefusal } from '../../model/page/backup.ts';
import { wrongAddressInWords } from '../device/address.ts';
import { TOKEN_CHARACTERS, wrongHeaderInWords } from '../device/dialog/form-problem.ts';
import { LOGIN_AS_DOCUMENTED, wrongLoginInWords } from '../device/dialog/login.ts';

export function listProblemInWords(path: string, problem: ListProblem): string {
  switch (problem.kind) {
    case 'not-read':
      return `${path} cannot be read: ${problem.said}.`;
    case 'too-large':
      return `${path} is too large for a list of devices.`;
    case 'no-json':
      return `${path} is not valid JSON.`;
    case 'does-not-fit':
      return `${path}: ${problem.at ?? 'the list'} is not in the expected form. See "moult --help".`;
    case 'tokens-open-to-others':
      return `${path} holds tokens that others on this machine can read. Make it yours alone (chmod 600 ${path}), or name environment variables in it with "tokenEnv".`;
    case 'device-twice':
      return `${path}: ${problem.names.join(' and ')} are the same device, ${problem.place}.`;
    case 'empty-backup':
      return `${path}: this backup has no devices.`;
    case 'tokens-sealed':
      return `${path} has encrypted tokens. Put their passphrase in the environment variable ${PASSPHRASE_VARIABLE}.`;
    case 'backup-refused':
      return `${path}: ${refusalInWords(problem.refusal)}`;
    case 'device':
      return `${path}: ${problem.name}: ${listedProblemInWords(problem.problem)}`;
  }
}

function refusalInWords(refusal: BackupFileRefusal): string {
  switch (refusal.kind) {
    case 'too-large':
      return `It is larger than ${refusal.limitBytes / 1024 / 1024} MB.`;
    case 'not-json':
    case 'not-a-backup':
      return 'It is neither a list of devices nor a backup from the page. See "moult --help".';
    case 'newer':
      return 'It was saved by a newer version of Moult.';
    case 'unsafe-keys':
      return 'It contains something that no backup has. Do not trust its source.';
    case 'invalid':
      return `It is damaged or was changed by hand, at "${refusal.where}".`;
    case 'duplicate':
      return `It has the same address twice, at "${refusal.where}".`;
    case 'other-address':
      return `It shows one address and would send to another, at "${refusal.where}". Do not trust its source.`;
    case 'wrong-passphrase':
      return `The passphrase in ${PASSPHRASE_VARIABLE} does not open its tokens.`;
    case 'no-secure-context':
    case 'damaged-tokens':
      return 'Its tokens are damaged.';
  }
}

function listedProblemInWords(problem: ListedProblem): string {
  switch (problem.kind) {
    case 'wrong-address':
      return wrongAddressInWords(problem.wrong);
    case 'wrong-header':
      return wrongHeaderInWords(problem.wrong);
    case 'token-twice':
      return 'It has both "token" and "tokenEnv". Remove one of them.';
    case 'token-characters':
      return TOKEN_CHARACTERS;
    case 'password-without-user':
      return 'It has "passwordEnv" without a "user".';
    case 'no-such-variable':
      return noSuchVariableText(problem.variable);
    case 'no-such-chip':
      return `"${problem.text}" is not a known chip. Use one of ${problem.known.join(', ')}.`;
    case 'login-as-documented':
    case 'no-password':
    case 'wrong-login':
      return loginProblemInWords(problem);
  }
}

export function loginProblemInWords(problem: LoginProblem): string {
  switch (problem.kind) {
    case 'login-as-documented':
      return LOGIN_AS_DOCUMENTED;
    case 'no-password':
      return `The environment variable ${problem.variable} holds no password, and neither does the one for the token, which holds it for a device without tokens.`;
    case 'wrong-login':
      return wrongLoginInWords(problem.wrong);
  }
}

export function noSuchVariableText(variable: string): string {
  return `The environment variable ${variable} is not set.`;
}
