/** The chip, asked once for all devices of which it is not known. */

/** @param names of the devices, one at least */
export function chipOfManyText(chip: string, names: readonly string[]): string {
  const [only] = names;
  return names.length === 1
    ? `The file is for an ${chip}. Is ${only} one?`
    : `The file is for an ${chip}. The chip of ${names.length} devices is unknown. Is each of them an ${chip}?`;
}

/** Names the two answers for who does not see them. */
export function chipOfManyLabel(chip: string): string {
  return `Are they ${chip}?`;
}

export function allAreLabel(devices: number): string {
  return devices === 1 ? 'Yes' : `Yes, all ${devices}`;
}

export function notAllLabel(devices: number): string {
  return devices === 1 ? 'No' : 'No, not all';
}
