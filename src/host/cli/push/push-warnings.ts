/** What a push says before anything is written, each thing once however many devices it is true of. */
import { spokenBy } from '../../../model/device/dialect.ts';
import { productOf } from '../../../model/firmware/fit.ts';
import type { Inspection } from '../../../model/firmware/inspection.ts';
import { findingInWords } from '../../../words/firmware/findings.ts';
import { onlyUpdatesText } from '../../../words/firmware/only-updates.ts';
import { OVERWRITES } from '../../../words/device/one-partition.ts';
import { MAY_BE_ONLY_UPDATE } from '../../../words/device/slots.ts';
import { CERTIFICATE_MAY_BE_UNTRUSTED, NO_TOKEN_GIVEN, ofDevice, otherPrefixText } from '../../../words/cli/push.ts';
import { busyText } from '../../../words/host/jobs.ts';
import type { UpdateState } from '../../../model/update/update-state.ts';

type SpokenTo = Parameters<typeof spokenBy>[0];

export class PushWarnings {
  readonly #told = new Set<string>();
  readonly #tell: (text: string) => void;

  /** @param tell default: a line on standard error, since it is no result */
  constructor(tell: (text: string) => void = (text) => process.stderr.write(`${text}\n`)) {
    this.#tell = tell;
  }

  /** @param targets how each device is spoken to: only of those that may run MicroPython is it said that the file does not */
  tellOfFile({ warnings }: Pick<Inspection, 'warnings'>, targets: readonly SpokenTo[]): void {
    const mayRunPython = targets.some((target) => productOf(spokenBy(target)) === 'MicroPython');
    for (const found of warnings)
      if (mayRunPython || found.reason !== 'no-micropython') this.#once(findingInWords(found));
  }

  /** @param device its name */
  tellOfState(state: UpdateState, device: string): void {
    if (state.phase === 'ended') return;
    if (state.mayBeOnlyUpdate) this.#once(`${device}: ${MAY_BE_ONLY_UPDATE}`);
    if (state.overwrites) this.#once(`${device}: ${OVERWRITES}`);
  }

  /** Before the first of them begins; at their turn it is not said again. */
  tellOfDevices(names: readonly string[]): void {
    this.#once(onlyUpdatesText(names));
    for (const name of names) this.#told.add(`${name}: ${MAY_BE_ONLY_UPDATE}`);
  }

  /** The device takes its updates below another path than the usual one. @param device its name */
  tellOfPrefix(prefix: string, device: string): void {
    this.#once(ofDevice(device, otherPrefixText(prefix)));
  }

  /** No answer came over https, for whatever reason: Node tells them apart, and its words are for developers. */
  tellOfCertificate(): void {
    this.#once(CERTIFICATE_MAY_BE_UNTRUSTED);
  }

  /** The device refused a request that carried no token. */
  tellOfNoToken(): void {
    this.#once(NO_TOKEN_GIVEN);
  }

  /** Another update of this machine is at the device, for `by`. */
  tellOfOther(by: string): void {
    this.#once(busyText(by));
  }

  #once(text: string): void {
    if (this.#told.has(text)) return;
    this.#told.add(text);
    this.#tell(text);
  }
}
