import { expect } from 'chai';
import type { Chip, Inspection } from '../../src/model/firmware/inspection.ts';
import { without } from '../../src/model/without.ts';
import { withEnding, withFindings, type EarlierFirmware } from '../../src/storage/earlier-sentences.ts';
import { chipName } from '../../src/words/firmware/chip-name.ts';
import { verdictInWords } from '../../src/words/firmware/findings.ts';
import { innerFileName } from '../../src/words/firmware/inner-file.ts';
import { aFirmware } from './samples.ts';

type Earlier = EarlierFirmware['inspection'];

const BANNER = { version: 'v1.27.0', date: '2026-01-07', machine: null };
const NO_HASH = { verdict: 'warn', reason: 'no-hash', message: 'No hash.' } as const;

/** @param of what the earlier version stored; without a list of warnings unless one is given */
function now(of: Partial<Earlier> = {}): Inspection {
  const { inspection, ...record } = aFirmware();
  const facts = without(inspection, 'finding', 'warnings');
  const told = { kindName: 'app image', verdict: 'accept', reason: 'ok', message: 'Firmware.' } as const;
  return withFindings({ ...record, inspection: { ...facts, ...told, micropython: BANNER, ...of } }).inspection;
}

describe('A firmware file of an earlier version', () => {
  it('has facts where the rest of its inspection gives them, and no sentence any more', () => {
    const { inspection } = aFirmware();
    expect(now({ warnings: [] })).to.deep.equal({ ...inspection, micropython: BANNER });
    expect(now({ ...NO_HASH, warnings: [NO_HASH] })).to.deep.include({
      finding: { reason: 'no-hash' },
      warnings: [{ reason: 'no-hash' }],
    });
    const trailing = { reason: 'trailing-bytes', message: 'Some follow.' } as const;
    expect(now({ verdict: 'warn', ...trailing, trailingBytes: 7, warnings: [trailing] }).finding).to.deep.equal({
      reason: 'trailing-bytes',
      bytes: 7,
    });
  });

  it('keeps its old sentence where that cannot be made from facts', () => {
    const revision = { reason: 'chip-revision', message: 'Needs v3.0 or newer.' } as const;
    const kept = now({ verdict: 'warn', ...revision, warnings: [revision, NO_HASH] });
    expect(kept.finding).to.deep.equal({ reason: 'chip-revision', text: 'Needs v3.0 or newer.' });
    expect(verdictInWords(kept)).to.match(/^Needs v3\.0 or newer\. Looks valid, but has no hash/);
  });

  it('still calls what is inside as it did', () => {
    const inner = { name: 'image at 0x10000', how: 'partition', offset: 0x10000, size: 4096 } as const;
    expect(now({ inside: [inner] }).inside.map(innerFileName)).to.deep.equal(['image at 0x10000']);
  });

  it('still names its chip', () => {
    const nameOf = (chip: object): string => chipName(now({ chip: chip as Chip }).chip?.id ?? 0);
    expect(nameOf({ id: 77, name: 'unknown chip 77', known: false })).to.equal('unknown chip 77');
    expect(nameOf({ id: 9, name: 'ESP32-S3', known: true })).to.equal('ESP32-S3');
    expect(nameOf({ id: 9, name: 'unknown chip 9', known: false }), 'known since').to.equal('ESP32-S3');
  });

  it('has the warnings that it can be known to have, where no list of them was kept', () => {
    const reasons = (inspection: Inspection): unknown => inspection.warnings.map(({ reason }) => reason);
    expect(reasons(now())).to.deep.equal([]);
    expect(reasons(now({ micropython: null }))).to.deep.equal(['no-micropython']);
    expect(reasons(now(NO_HASH))).to.deep.equal(['no-hash']);
    expect(reasons(now({ ...NO_HASH, micropython: null }))).to.deep.equal(['no-hash', 'no-micropython']);
    expect(reasons(now({ kind: 'bootloader', micropython: null }))).to.deep.equal([]);
  });
});

describe('An update of an earlier version', () => {
  it('keeps what was said of its end', () => {
    const trace = { id: 'u1', blockSize: 4096, capacityBytes: null, samples: [], retried: [] };
    expect(withEnding({ ...trace, detail: 'It runs 1.4.2 now.' })).to.deep.equal({
      ...trace,
      ending: { kind: 'text', text: 'It runs 1.4.2 now.' },
    });
  });
});
