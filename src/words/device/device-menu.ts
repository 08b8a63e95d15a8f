/** What is behind ⋯ of a device. */

export const CHECK_NOW = 'Check';
export const HISTORY_AND_SHARING = 'History and sharing';

/** Names the button for people who do not see where it stands. */
export function moreLabel(device: string): string {
  return `More for ${device}`;
}
