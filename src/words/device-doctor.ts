/** What is said around what the doctor found. */

export const FINDING_OUT = 'Finding out why …';
export const BROWSER_ASKS = 'The browser is asking. Nothing is sent until you have answered it.';
export const PAIRING_MAY_HELP = 'The host of this page may reach it, once this browser is paired: “More” tells how.';
export const TRY_AGAIN = 'Try again';

/** What the text to copy is for. */
export const LINES_FOR_DEVICE = 'Lines for the device';
export const LINE_FOR_POLICY = 'Line for the policy';
export const COMMAND_FOR_HOST = 'In the folder of Moult’s source, on a computer in the same network';
