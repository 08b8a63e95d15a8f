/** What an answer that could be read comes to, with the facts of this device, and the one thing to do. */
import type { AnswerCause, Diagnosis, Remedy } from '../../model/device/diagnosis.ts';
import type { Dialect } from '../../model/device/dialect.ts';
import { hostLines, loopLines, updateLines } from '../viperhttp/device-lines.ts';
import { AGAIN, EDIT_ADDRESS } from './diagnosis.ts';
import type { DeviceTarget } from '../target.ts';

/** A cause, with its facts that are not the device's own. */
export type Told =
  | { readonly kind: Exclude<AnswerCause['kind'], 'other-prefix' | 'other-dialect'> }
  | { readonly kind: 'other-prefix'; readonly prefix: string }
  | { readonly kind: 'other-dialect'; readonly dialect: Dialect };

export function answered(told: Told, target: DeviceTarget): Diagnosis<AnswerCause> {
  return { ...causeOf(told, target), host: new URL(target.origin).host, remedy: remedyOf(told, target) };
}

function causeOf(told: Told, { prefix, protocol, login = null }: DeviceTarget): AnswerCause {
  switch (told.kind) {
    case 'answers':
    case 'wrong-prefix':
      return { kind: told.kind, prefix };
    case 'other-prefix':
      return { kind: told.kind, prefix: told.prefix, saved: prefix };
    case 'other-dialect':
      return { kind: told.kind, dialect: told.dialect, protocol };
    case 'login-wanted':
      return { kind: told.kind, refused: login !== null };
    case 'cannot-tell':
    case 'somebody-answers':
    case 'ota-off':
    case 'wrong-token':
    case 'banned':
    case 'too-many-requests':
    case 'loop-not-running':
    case 'untrusted-host':
    case 'unsupported':
    case 'not-a-device':
      return { kind: told.kind };
  }
}

function remedyOf(told: Told, target: DeviceTarget): Remedy {
  switch (told.kind) {
    case 'answers':
    case 'cannot-tell':
    case 'somebody-answers':
    case 'banned':
    case 'too-many-requests':
      return AGAIN;
    case 'wrong-prefix':
      return { kind: 'edit-device', field: 'prefix' };
    case 'other-prefix':
      return { kind: 'use-prefix', prefix: told.prefix };
    case 'other-dialect':
      return { kind: 'edit-device', field: 'protocol' };
    case 'ota-off':
      return { kind: 'copy-ota-lines', text: updateLines(linesOf(target)) };
    case 'wrong-token':
      return { kind: 'edit-device', field: 'token' };
    case 'login-wanted':
      return { kind: 'edit-device', field: 'login', saved: (target.login ?? null) !== null };
    case 'loop-not-running':
      return { kind: 'copy-loop-lines', text: loopLines() };
    case 'untrusted-host':
      return { kind: 'copy-host-lines', text: hostLines(target.origin) };
    case 'unsupported':
    case 'not-a-device':
      return EDIT_ADDRESS;
  }
}

/** The token is not shown here: whoever reads these lines has it, or makes a new one. */
function linesOf({ origin, prefix, protocol, tokenHeader }: DeviceTarget) {
  const { protocol: scheme, hostname, port } = new URL(origin);
  // `URL` leaves a scheme's own port out, and an address without one means 8080.
  const address = `${scheme}//${hostname}:${port || (scheme === 'https:' ? '443' : '80')}`;
  return { address, prefix, protocol, tokenHeader, token: '…' };
}
