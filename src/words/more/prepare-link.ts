/** The link to the guide, from the first view too: the guide's own words are loaded with it. */
export const HOW_TO_PREPARE = 'How to prepare a board';
/** The guide's name: in the window's title, and above it. */
export const PREPARE_BOARD = 'Prepare a board';
/** Instead of the guide, where it could not be loaded. */
export const GUIDE_AWAY =
  'This guide is loaded over the network, and there is no connection now. Reload this page when there is.';
