/** What to know of an app before it is sent: it may be right all the same. */
import type { Inspection, Warning } from '../../model/inspection.ts';

/** No refusal: a build with frozen code or another name may lack every sign. */
export const NO_MICROPYTHON: Warning = {
  reason: 'no-micropython',
  message:
    'The firmware shows no sign of MicroPython. Without it the device no longer runs ViperHTTP, and only a cable reaches it then. Send it only if you know that this build has MicroPython.',
};

/** Several warnings as one text. */
export function inOne(warnings: readonly Warning[]): string {
  return warnings.map(({ message }) => message).join(' ');
}

/** The warnings of an inspection, also of one that an earlier version kept. */
export function warningsOf(inspection: Inspection): readonly Warning[] {
  const { warnings, verdict, reason, message } = inspection;
  if (warnings !== undefined) return warnings;
  const kept: readonly Warning[] = verdict === 'warn' ? [{ reason, message }] : [];
  // It looked for the banner alone, which nearly every build has.
  return inspection.kind === 'app' && inspection.micropython === null ? [...kept, NO_MICROPYTHON] : kept;
}

/** Whether the device would no longer be one that Moult reaches: to be asked before it is sent. */
export function lacksMicroPython(inspection: Inspection): boolean {
  return warningsOf(inspection).some(({ reason }) => reason === NO_MICROPYTHON.reason);
}
