/** How a device stands, in a word or two: beside its dot, and in the list. */

export const STANDINGS = {
  failed: 'Failed',
  needs: 'Needs attention',
  updating: 'Updating',
  updated: 'Updated',
  accepted: 'Accepted',
  staged: 'Ready',
  offline: 'No answer',
  asking: 'Checking',
  online: 'Online',
  unasked: 'Not checked yet',
} as const;
