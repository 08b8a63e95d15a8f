/** What is said while a file hovers over the window. */

export const DROP_TO_CHECK = 'Drop to check the file';
export const ASKED_FIRST = 'You are asked once before it is sent.';
/** Of a device that took a dropped file in this visit. */
export const NEXT_BUILD_AT_ONCE = 'A new build of the same firmware is sent at once, without asking.';

export function dropForText(device: string): string {
  return `Drop it for ${device}`;
}

export const NOTHING_SENT_BY_DROPPING = 'Nothing is sent until you press “Update”.';
