/** What is said where something needs a token that is locked. */

export const TOKENS_LOCKED = 'The tokens are locked';
export const UNLOCK_HINT = 'They stay unlocked for a while, until you lock them under “More” or close the page.';
