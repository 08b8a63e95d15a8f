/** What buttons say that stand in more than one place. */

export const ADD_DEVICE = 'Add device';
export const CANCEL = 'Cancel';
export const CLOSE = 'Close';
export const MORE = 'More';
export const REMOVE = 'Remove';
export const REPORT_FOR_HELP = 'Report for help';
export const SAVE = 'Save';
export const SCAN_A_CODE = 'Scan a code';
export const SEND_ALL_THE_SAME = 'Send all the same';
export const TAKE_OVER = 'Take over';
