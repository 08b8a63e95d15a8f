/** What is said while the host looks after its sockets: on this machine, and on the LAN. */

/** `addresses`: what phones open. */
export function onLanText(addresses: readonly string[]): string {
  return ['The host is on the LAN now, for phones:', ...addresses].join('\n  ');
}

/** `trouble`: why it is not on the LAN yet, in words. */
export function untilThenText(trouble: string): string {
  return `${trouble} Until then the host keeps to this machine.`;
}

export function portTroubleInWords(port: number, why: 'taken' | 'not-allowed'): string {
  return why === 'taken'
    ? `Port ${port} is taken by another program. Stop that program, or choose another port.`
    : `Port ${port} may not be used by this account. Choose a port from 1024 on.`;
}
