import { UpdateError } from '../model/update/update-error.ts';

/**
 * The device's own words in an error; null: it said none. Where nothing came from it, a gateway says so in its place, with
 * a status of its own: its words are not the device's, and tell nothing that the code does not.
 */
export function saidByDevice(error: UpdateError): string | null {
  return tellsOfSilence(error) ? null : error.said;
}

function tellsOfSilence({ cause, code, status }: UpdateError): boolean {
  if (cause instanceof UpdateError) return tellsOfSilence(cause);
  return code === 'silent' || (code === 'unreachable' && (status ?? 0) >= 500);
}
