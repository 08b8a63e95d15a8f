/** What the connection doctor says of an answer that it could read: one sentence a reason, and one thing to do. */
import type { Dialect } from '../../model/ports.ts';
import { hostLines, loopLines, updateLines } from '../viperhttp/device-lines.ts';
import { AGAIN, EDIT_ADDRESS, LINES, type AnswerKind, type Diagnosis } from './diagnosis.ts';
import type { DeviceTarget } from '../target.ts';

/** A reason, with what it is about. */
export type Told =
  | { readonly kind: Exclude<AnswerKind, 'other-prefix' | 'other-dialect'> }
  | { readonly kind: 'other-prefix'; readonly prefix: string }
  | { readonly kind: 'other-dialect'; readonly dialect: Dialect };

/** The diagnosis in words, for this device. */
export function tells(told: Told, target: DeviceTarget): Diagnosis {
  const where = new URL(target.origin).host;
  switch (told.kind) {
    case 'answers':
      return {
        kind: told.kind,
        sentence: `The device answers at ${where}, and has its update routes at ${target.prefix}.`,
        remedy: AGAIN,
      };
    case 'cannot-tell':
      return {
        kind: told.kind,
        sentence: `Something answers at ${where}, and nothing in its answer shows a device. One built to the documentation may have no status to ask for: then only an update tells.`,
        remedy: AGAIN,
      };
    case 'wrong-prefix':
      return {
        kind: told.kind,
        sentence: `Something answers at ${where}, but has nothing at ${target.prefix}/status. If it is the device, its updates are off, or live under another path.`,
        remedy: { kind: 'edit-device', label: 'Edit path', field: 'prefix' },
      };
    case 'other-prefix':
      return {
        kind: told.kind,
        sentence: `The device at ${where} tells that its updates live under ${told.prefix}. Here it is saved with ${target.prefix}.`,
        remedy: { kind: 'use-prefix', label: `Use ${told.prefix}`, prefix: told.prefix },
      };
    case 'other-dialect':
      return {
        kind: told.kind,
        sentence: `The device at ${where} speaks “as ${told.dialect}”, and here it is set to “as ${target.protocol}”. “Automatic” finds the right one.`,
        remedy: { kind: 'edit-device', label: 'Edit protocol', field: 'protocol' },
      };
    case 'ota-off':
      return {
        kind: told.kind,
        sentence: `The device at ${where} tells what it serves, and no updates are among it. Its program has to start with ota=True, as here.`,
        remedy: { kind: 'copy-ota-lines', ...LINES, text: updateLines(linesOf(target)) },
      };
    case 'wrong-token':
      return {
        kind: told.kind,
        sentence: `The token was refused at ${where}.`,
        remedy: { kind: 'edit-device', label: 'Edit token', field: 'token' },
      };
    case 'login-wanted':
      return (target.login ?? null) === null
        ? {
            kind: told.kind,
            sentence: `The device at ${where} wants a user and a password before it looks at the token.`,
            remedy: { kind: 'edit-device', label: 'Add user and password', field: 'login' },
          }
        : {
            kind: told.kind,
            sentence: `The device at ${where} refused the user or the password. It has not looked at the token.`,
            remedy: { kind: 'edit-device', label: 'Edit user and password', field: 'login' },
          };
    case 'banned':
      return {
        kind: told.kind,
        sentence: `The device at ${where} answers, but takes nothing that comes with this token or password (429). ViperHTTP shuts out for five minutes what it has refused five times in one. Check both, then wait.`,
        remedy: AGAIN,
      };
    case 'too-many-requests':
      return {
        kind: told.kind,
        sentence: `The device at ${where} answers that it was asked too often (429). That passes in a moment; in five minutes where it was for logins that it refused.`,
        remedy: AGAIN,
      };
    case 'loop-not-running':
      return {
        kind: told.kind,
        sentence: `The server at ${where} answers, but the program behind it takes up no request, whatever the path (504). Most likely it does not run its loop: it has to end in these lines.`,
        remedy: { kind: 'copy-loop-lines', ...LINES, text: loopLines() },
      };
    case 'untrusted-host':
      return {
        kind: told.kind,
        sentence: `The device does not answer to the name ${where}: it is not on its list of trusted hosts.`,
        remedy: { kind: 'copy-host-lines', ...LINES, text: hostLines(target.origin) },
      };
    case 'unsupported':
      return {
        kind: told.kind,
        sentence: `The device at ${where} says that it cannot be updated over the air: its build has no slots for it.`,
        remedy: EDIT_ADDRESS,
      };
    case 'not-a-device':
      return {
        kind: told.kind,
        sentence: `What answers at ${where} does not answer as a ViperHTTP device would: a router, perhaps, or another server.`,
        remedy: EDIT_ADDRESS,
      };
  }
}

/** The token is not shown again: whoever reads these lines has it, or makes a new one. */
function linesOf({ origin, prefix, protocol, tokenHeader }: DeviceTarget) {
  const { protocol: scheme, hostname, port } = new URL(origin);
  // `URL` leaves a scheme's own port out, and an address without one means 8080.
  const address = `${scheme}//${hostname}:${port || (scheme === 'https:' ? '443' : '80')}`;
  return { address, prefix, protocol, tokenHeader, token: '…' };
}
