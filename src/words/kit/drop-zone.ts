/** What is said while a file hovers over the window. */

export const DROP_TO_CHECK = 'Drop to check the file';
export const ASKED_FIRST = 'You are asked once before it is sent.';

export function dropForText(device: string): string {
  return `Drop it for ${device}`;
}

export const NOTHING_SENT_BY_DROPPING = 'Nothing is sent until you press “Update”.';
