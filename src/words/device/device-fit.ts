/** What a person should know before pressing "Update". */

export const NO_TOKEN = 'No token of it is here. If the device asks for one, add it under “Edit”.';
export const NO = 'No';

/** @param proven whether the firmware is known to run; else the device took it, and that is all */
export function sameFileText(proven: boolean): string {
  return `The chosen file is the same as what it ${proven ? 'runs' : 'took last'}.`;
}

/** @param mine null where the device's chip is one that is not known by name */
export function wrongChipText(files: string, mine: string | null, chipId: number): string {
  return `The file is for ${files}; this device is an ${mine ?? `chip ${chipId}`}.`;
}

export function unknownChipText(chip: string): string {
  return `The file is for an ${chip}. Whether this device is one is not known yet.`;
}

export function chipQuestion(chip: string): string {
  return `Is this device an ${chip}? The file is for one. “Update” counts as yes.`;
}

/** Names the two answers for who does not see them. */
export function chipAnswersLabel(chip: string): string {
  return `Is it an ${chip}?`;
}

export function yesLabel(chip: string): string {
  return `Yes, it is an ${chip}`;
}
