/** What a person should know before pressing "Update". */

export const NO_TOKEN = 'No token is saved for it. If the device needs one, add it under “Edit”.';
export const NO = 'No';
/** To what chip it has. It is not asked again. */
export const DONT_KNOW = 'I don’t know';
/** Asks before anything is sent, which the dots say. */
export const SEND_ANYWAY_ITEM = 'Send anyway…';

/** Of a device that has the chosen file, as far as it shows. */
export const SAME_FILE = {
  runs: 'It already runs the chosen file.',
  tells: 'It already reports the version of the chosen file.',
  took: 'The chosen file is the last one it accepted.',
  left: 'The chosen file is the last one it accepted.',
};

export function unknownChipText(chip: string): string {
  return `The file is for an ${chip}. The chip of this device is unknown.`;
}

/** @param updates whether "Update" is there to press */
export function chipQuestion(chip: string, updates: boolean): string {
  return `Is this device an ${chip}? The file is for that chip.${updates ? ' “Update” counts as yes.' : ''}`;
}

/** Names the group of answers for people who do not see it. */
export function chipAnswersLabel(chip: string): string {
  return `Is it an ${chip}?`;
}

export function yesLabel(chip: string): string {
  return `Yes, it is an ${chip}`;
}
