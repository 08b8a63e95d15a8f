/** What an app is warned of. */
import { exactBytes } from '../../words/sizes.ts';
import { chipFacts, revisionInWords } from '../../model/chips.ts';
import type { ChipRevisions, Inspection, Warning } from '../../model/inspection.ts';
import { NO_MICROPYTHON } from './warnings.ts';

/** What the warnings of an app are about. */
export interface Doubtful extends Pick<
  Inspection,
  'chip' | 'hashValid' | 'micropython' | 'revisions' | 'secureVersion' | 'signature'
> {
  /** Bytes behind the image that are neither its signature nor erased flash. */
  readonly foreignBytes: number;
  /** Revisions of the eFuse block that it asks for; null where nobody checks them. */
  readonly efuseBlock: ChipRevisions | null;
  /** Whether anything says that it is MicroPython. */
  readonly showsMicroPython: boolean;
}

/** ESP-IDF asks for any eFuse block, up to v0.99 at least. What allows less was set by hand, or is no number at all. */
const USUAL_EFUSE_BLOCK = { min: 0, max: 99 };

function revisionWarnings({ chip, revisions }: Doubtful): readonly Warning[] {
  if (chip === null || revisions === null) return [];
  const { usualMinRevision, newestRevision } = chipFacts(chip.id);
  const { min, max } = revisions;
  const found: Warning[] = [];
  if (min > usualMinRevision) {
    const message = `Needs ${chip.name} revision ${revisionInWords(min)} or newer. A board with an older chip may refuse to start it.`;
    found.push({ reason: 'chip-revision', message });
  }
  if (max !== null && max < newestRevision) {
    const message = `Made for ${chip.name} up to revision ${revisionInWords(max)}. A board with a newer chip, such as ${revisionInWords(newestRevision)}, may refuse to start it.`;
    found.push({ reason: 'chip-revision', message });
  }
  return found;
}

function efuseWarnings(block: ChipRevisions | null): readonly Warning[] {
  if (block === null) return [];
  const { min, max } = block;
  const found: Warning[] = [];
  if (min > USUAL_EFUSE_BLOCK.min) {
    const message = `Asks for revision ${revisionInWords(min)} or newer of the chip’s eFuse block. From ESP-IDF 5.4 on a device refuses it where its chip has an older one.`;
    found.push({ reason: 'efuse-revision', message });
  }
  if (max !== null && max < USUAL_EFUSE_BLOCK.max) {
    const message = `Asks for revision ${revisionInWords(max)} or older of the chip’s eFuse block. From ESP-IDF 5.4 on a device refuses it where its chip has a newer one.`;
    found.push({ reason: 'efuse-revision', message });
  }
  return found;
}

/** All of them, gravest first. */
export function warningsAbout(app: Doubtful): readonly Warning[] {
  const { chip, foreignBytes } = app;
  const found: Warning[] = [];
  const warn = (reason: Warning['reason'], message: string): number => found.push({ reason, message });
  if (foreignBytes > 0) {
    const many = exactBytes(foreignBytes).replace(/ (?=byte)/, ' unknown ');
    warn('trailing-bytes', `${many} ${foreignBytes === 1 ? 'follows' : 'follow'} the firmware in this file.`);
  }
  if (app.signature?.wellFormed === false) {
    warn('signature-malformed', 'Its signature is broken: a device that takes only signed firmware will refuse it.');
  }
  if (app.hashValid === null) {
    warn('no-hash', 'Looks valid, but carries no hash: only a weak checksum shows that it is whole.');
  }
  if (app.secureVersion === null) warn('no-descriptor', 'Looks valid, but carries no name and no version.');
  if (chip?.known === false) {
    warn('unknown-chip', `Built for chip id ${chip.id}, which is unknown here: newer than this page?`);
  }
  found.push(...revisionWarnings(app), ...efuseWarnings(app.efuseBlock));
  if (!app.showsMicroPython) found.push(NO_MICROPYTHON);
  return found;
}
