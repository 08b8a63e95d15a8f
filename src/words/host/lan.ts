/** What is said while the host looks after its sockets: on this machine, and on the LAN. */

/** `addresses`: what phones open. */
export function onLanText(addresses: readonly string[]): string {
  return ['The host is on the LAN now. Phones open:', ...addresses].join('\n  ');
}

/** `trouble`: why it is not on the LAN yet, in words. */
export function untilThenText(trouble: string): string {
  return `${trouble} Until then the host keeps to this machine.`;
}

export function portTroubleInWords(port: number, why: 'taken' | 'not-allowed'): string {
  return why === 'taken'
    ? `Port ${port} is taken by another program. Stop that program, or choose another port.`
    : `Port ${port} is not allowed for this account. Choose a port from 1024 on.`;
}
