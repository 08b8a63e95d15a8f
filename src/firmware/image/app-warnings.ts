/** The warnings about an app that could be sent. */
import { chipFacts } from '../../model/firmware/chips.ts';
import type { Finding } from '../../model/firmware/finding.ts';
import { type ChipRevisions, type Inspection, stopgapOf } from '../../model/firmware/inspection.ts';

/** What the warnings of an app are about. */
export interface Doubtful extends Pick<
  Inspection,
  'chip' | 'hashValid' | 'micropython' | 'revisions' | 'secureVersion' | 'signature' | 'tells'
> {
  /** Bytes behind the image that are neither its signature nor erased flash. */
  readonly foreignBytes: number;
  /** Revisions of the eFuse block that it asks for; null where they are not checked. */
  readonly efuseBlock: ChipRevisions | null;
  /** Whether anything says that it is MicroPython. */
  readonly showsMicroPython: boolean;
}

/** By default ESP-IDF allows every eFuse block up to v0.99. A narrower range was set by hand. */
const USUAL_EFUSE_BLOCK = { min: 0, max: 99 };

function revisionWarnings({ chip, revisions }: Doubtful): readonly Finding[] {
  if (chip === null || revisions === null) return [];
  const { usualMinRevision, newestRevision: newest } = chipFacts(chip.id);
  const { min, max } = revisions;
  const found: Finding[] = [];
  if (min > usualMinRevision) found.push({ reason: 'chip-revision', kind: 'at-least', chipId: chip.id, min });
  if (max !== null && max < newest) {
    found.push({ reason: 'chip-revision', kind: 'at-most', chipId: chip.id, max, newest });
  }
  return found;
}

function efuseWarnings(block: ChipRevisions | null): readonly Finding[] {
  if (block === null) return [];
  const { min, max } = block;
  const found: Finding[] = [];
  if (min > USUAL_EFUSE_BLOCK.min) found.push({ reason: 'efuse-revision', kind: 'at-least', revision: min });
  if (max !== null && max < USUAL_EFUSE_BLOCK.max) {
    found.push({ reason: 'efuse-revision', kind: 'at-most', revision: max });
  }
  return found;
}

/** A warning that a build can do little more than take the next update. */
export function stopgapWarning({ tells }: Pick<Inspection, 'tells'>): readonly Finding[] {
  const build = tells === undefined ? null : stopgapOf(tells);
  if (tells === undefined || build === null) return [];
  return [{ reason: 'stopgap', product: tells.product, build, flashBytes: null }];
}

/** All of them, gravest first. */
export function warningsAbout(app: Doubtful): readonly Finding[] {
  const { chip, foreignBytes } = app;
  const found: Finding[] = [];
  if (foreignBytes > 0) found.push({ reason: 'trailing-bytes', bytes: foreignBytes });
  if (app.signature?.wellFormed === false) found.push({ reason: 'signature-malformed', required: false });
  if (app.hashValid === null) found.push({ reason: 'no-hash' });
  if (app.secureVersion === null) found.push({ reason: 'no-descriptor' });
  if (chip?.known === false) found.push({ reason: 'unknown-chip', chipId: chip.id, deviceChipId: null });
  found.push(...stopgapWarning(app), ...revisionWarnings(app), ...efuseWarnings(app.efuseBlock));
  // This is no refusal: a build with frozen code or another name may lack every sign.
  if (!app.showsMicroPython) found.push({ reason: 'no-micropython' });
  return found;
}
