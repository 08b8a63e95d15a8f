/** What is said around what the doctor found. */

export const FINDING_OUT = 'Finding out why …';
export const BROWSER_ASKS = 'The browser is asking. Nothing is sent until you have answered it.';
export const PAIRING_MAY_HELP = 'The host of this page may reach it, once this browser is paired: “More” tells how.';
export const HOST_MAY_REACH_IT = 'The host of this page may reach it, once this browser is paired.';
export const HOW_TO_PAIR_THIS = 'How to pair this browser';
export const USE_THE_GATEWAY = 'Use the gateway';
export const TRY_AGAIN = 'Try again';

/** What the text to copy is for. */
export const LINES_FOR_DEVICE = 'Lines for the device';
