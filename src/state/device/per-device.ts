import { atom, type WritableAtom } from 'nanostores';

/** One value per device, each with listeners of its own. It is made when it is first asked for. */
export class PerDevice<T> {
  readonly #initial: T;
  readonly #atoms = new Map<string, WritableAtom<T>>();

  constructor(initial: T) {
    this.#initial = initial;
  }

  of(deviceId: string): WritableAtom<T> {
    const known = this.#atoms.get(deviceId);
    if (known !== undefined) return known;
    const made = atom(this.#initial);
    this.#atoms.set(deviceId, made);
    return made;
  }
}
