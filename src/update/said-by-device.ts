import { UpdateError } from '../model/update/update-error.ts';

/**
 * The device's own words in an error; null: there are none. Where the device did not answer, a gateway says so with a
 * status of its own: those words are not the device's, and add nothing to the code.
 */
export function saidByDevice(error: UpdateError): string | null {
  return tellsOfSilence(error) ? null : error.said;
}

function tellsOfSilence({ cause, code, status }: UpdateError): boolean {
  if (cause instanceof UpdateError) return tellsOfSilence(cause);
  return code === 'silent' || (code === 'unreachable' && (status ?? 0) >= 500);
}
