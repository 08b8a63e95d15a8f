import { expect } from 'chai';
import type { BackupRefusal } from '../../../src/model/page/backup.ts';
import { backupRefusalText } from '../../../src/words/more/backup-import.ts';
import { exportRefusalText } from '../../../src/words/more/backup-panel.ts';

describe('a backup in words', () => {
  const refusals: readonly BackupRefusal[] = [
    { kind: 'too-large', limitBytes: 4 * 1024 * 1024 },
    ...(['not-json', 'not-a-backup', 'newer', 'unsafe-keys'] as const).map((kind) => ({ kind }) as const),
    ...(['invalid', 'duplicate', 'other-address'] as const).map((kind) => ({ kind, where: 'devices.3' }) as const),
    ...(['no-secure-context', 'wrong-passphrase', 'damaged-tokens'] as const).map((kind) => ({ kind }) as const),
  ];
  for (const refusal of refusals) {
    it(`says in whole sentences why a file is refused: ${refusal.kind}`, () => {
      const said = backupRefusalText(refusal);
      expect(said)
        .to.match(/^(This|The) .*\.$/)
        .and.not.match(/undefined|NaN/);
      if ('where' in refusal) expect(said).to.contain('“devices.3”');
      if ('limitBytes' in refusal) expect(said).to.contain('at most 4 MB');
    });
  }

  it('says why no file was made', () => {
    for (const why of ['locked', 'no-secure-context', 'too-short'] as const) {
      expect(exportRefusalText(why)).to.match(/^(This|The) .*\.$/);
    }
  });
});
