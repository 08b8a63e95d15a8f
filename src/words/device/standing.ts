/** How a device stands, in a word or two: beside its dot, and in the list. */

export const STANDINGS = {
  failed: 'Failed',
  needs: 'Needs you',
  updating: 'Updating',
  updated: 'Updated',
  offline: 'No answer',
  asking: 'Asking',
  online: 'Online',
  unasked: 'Not asked yet',
} as const;
