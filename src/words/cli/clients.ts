/** What `moult clients` says. */

export const NONE_PAIRED = 'No browser is paired.';

/** `pairedAt`: milliseconds since 1970. */
export function clientLine(id: string, pairedAt: number, name: string): string {
  return `${id}  paired ${new Date(pairedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC  ${name}`;
}

export function revokedText(id: string): string {
  return `${id} is no longer paired.`;
}

export function noSuchClientText(id: string): string {
  return `No paired browser has the ID "${id}".`;
}
