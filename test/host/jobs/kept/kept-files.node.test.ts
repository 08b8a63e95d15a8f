import { expect } from 'chai';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileJournal } from '../../../../src/host/jobs/kept/file-journal.ts';
import { SecretSeal } from '../../../../src/host/jobs/kept/sealed-secrets.ts';
import type { JournalEntry } from '../../../../src/model/update/journal.ts';

const PLACE = 'http://192.168.1.50:8080/ota';

describe('what jobs keep in files', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'moult-kept-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  describe('secrets', () => {
    const told: string[] = [];
    beforeEach(() => told.splice(0));
    const sealIn = (file: string): SecretSeal => new SecretSeal(file, (sentence) => told.push(sentence));
    const secrets = { token: 'a token', login: { user: 'admin', password: 'pässword' } };

    it('open again for their own place, also after a restart', async () => {
      const file = join(folder, 'key');
      const sealed = await sealIn(file).seal(secrets, PLACE);
      expect(Buffer.from(sealed, 'base64').toString('latin1')).not.to.include('a token');
      expect(statSync(file).mode & 0o777).to.equal(0o600);
      expect(await sealIn(file).open(sealed, PLACE)).to.deep.equal(secrets);
    });

    it('open for no other place, under no other key, and not once they were touched', async () => {
      const seal = sealIn(join(folder, 'key'));
      const sealed = await seal.seal(secrets, PLACE);
      expect(await seal.open(sealed, 'http://192.168.1.51:8080/ota')).to.equal(null);
      expect(await sealIn(join(folder, 'other')).open(sealed, PLACE)).to.equal(null);
      const bytes = Buffer.from(sealed, 'base64');
      bytes.writeUInt8(bytes.readUInt8(20) ^ 1, 20);
      for (const wrong of [bytes.toString('base64'), '', 'AAAA', sealed.slice(0, 20)]) {
        expect(await seal.open(wrong, PLACE), wrong).to.equal(null);
      }
    });

    it('are never sealed the same twice', async () => {
      const seal = sealIn(join(folder, 'key'));
      expect(await seal.seal(secrets, PLACE)).not.to.equal(await seal.seal(secrets, PLACE));
    });

    it('get a new key in the place of one that is damaged, and what was sealed is lost', async () => {
      const file = join(folder, 'key');
      const sealed = await sealIn(file).seal(secrets, PLACE);
      writeFileSync(file, 'half');
      const seal = sealIn(file);
      expect(await seal.open(sealed, PLACE)).to.equal(null);
      expect(await seal.open(await seal.seal(secrets, PLACE), PLACE)).to.deep.equal(secrets);
      expect(told).to.deep.equal([]);
    });

    it('get a new key in the place of one that others may read, which is told', async function () {
      // Windows has no such bits.
      if (process.platform === 'win32') this.skip();
      for (const mode of [0o644, 0o640, 0o602]) {
        const file = join(folder, `key-${mode}`);
        const sealed = await sealIn(file).seal(secrets, PLACE);
        const before = readFileSync(file, 'utf8');
        chmodSync(file, mode);
        const seal = sealIn(file);
        expect(await seal.open(sealed, PLACE), mode.toString(8)).to.equal(null);
        expect(statSync(file).mode & 0o777).to.equal(0o600);
        expect(readFileSync(file, 'utf8')).not.to.equal(before);
        expect(await sealIn(file).open(await seal.seal(secrets, PLACE), PLACE)).to.deep.equal(secrets);
        expect(told.splice(0)).to.have.lengthOf(1).and.to.have.nested.property('[0]').that.contains(file);
      }
    });
  });

  describe('the journal', () => {
    const entry: JournalEntry = {
      ...{ deviceId: PLACE, sha256: 'a'.repeat(64), size: 65_536, dialect: 'shipped', sessionId: '7', slot: 'ota_1' },
      ...{ previousSlot: 'ota_0', acknowledged: 4_096, sentTo: 8_192, phase: 'writing', at: 1 },
    };

    it('tells after a restart what was noted last, for each device by itself', async () => {
      const journal = new FileJournal(folder);
      await journal.write(entry);
      await journal.write({ ...entry, acknowledged: 8_192 });
      await journal.write({ ...entry, deviceId: '../../etc/passwd' });
      const again = new FileJournal(folder);
      again.load();
      expect(await again.read(PLACE)).to.deep.equal({ ...entry, acknowledged: 8_192 });
      expect(await again.read('http://192.168.1.51:8080/ota')).to.equal(null);
      expect(readdirSync(folder).every((name) => /^[0-9a-f]{64}\.json$/.test(name))).to.equal(true);
      await again.clear(PLACE);
      expect(await again.read(PLACE)).to.equal(null);
    });

    it('believes nothing that is half, foreign, or of another device', async () => {
      const journal = new FileJournal(folder);
      await journal.write(entry);
      const [name = ''] = readdirSync(folder);
      const file = join(folder, name);
      const whole = readFileSync(file, 'utf8');
      for (const text of [
        '',
        whole.slice(0, 40),
        '[]',
        'null',
        whole.replace('writing', 'dancing'),
        whole.replace(PLACE, 'x'),
      ]) {
        writeFileSync(file, text);
        expect(await journal.read(PLACE), text).to.equal(null);
      }
    });

    it('removes what was half written when the host ended', () => {
      writeFileSync(join(folder, 'x.json.1234.new'), '{');
      new FileJournal(folder).load();
      expect(readdirSync(folder)).to.deep.equal([]);
    });
  });
});
