import { expect } from 'chai';
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Authority } from '../../../src/host/data/authority.ts';
import { openAuthority, type OpenedAuthority } from '../../../src/host/data/authority-file.ts';
import { authorityNotices } from '../../../src/host/data/authority-notices.ts';
import { authorityNoticeInWords } from '../../../src/words/host/authority.ts';
import { DataError } from '../../../src/host/data/data-error.ts';
import { fullDisk } from './disk.ts';

const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;
const NOW = Date.UTC(2026, 10, 27);
const NAMES = ['bench', 'bench.local'];

describe('The authority’s file', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moult-authority-'));
    file = join(folder, 'authority-and-key.pem');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const open = (now = NOW, names = NAMES): Promise<OpenedAuthority> => openAuthority(folder, names, now);

  const noticesOf = (opened: OpenedAuthority, names: readonly string[]): readonly string[] =>
    authorityNotices(opened, names).map((notice) => authorityNoticeInWords(notice, folder));

  /** What it is refused for; fails where it is not. */
  async function refusal(now = NOW): Promise<string> {
    const before = files();
    const error = await open(now).then(
      () => 'nothing',
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(DataError);
    // Only a person may give up what phones trust.
    expect(files()).to.deep.equal(before);
    return (error as DataError).message;
  }

  const files = (): Record<string, string> =>
    Object.fromEntries(
      readdirSync(folder, { withFileTypes: true }).map((entry) => [
        entry.name,
        entry.isFile() ? readFileSync(join(folder, entry.name), 'utf8') : '',
      ]),
    );

  /** As earlier versions kept it. */
  function pair(certificate: string, key: string, mode = 0o600): void {
    writeFileSync(join(folder, 'authority.pem'), certificate, { mode });
    writeFileSync(join(folder, 'authority-key.pem'), key, { mode });
  }
  const certificateIn = (pem: string): string => pem.slice(0, pem.indexOf('-----BEGIN PRIVATE'));
  const keyIn = (pem: string): string => pem.slice(pem.indexOf('-----BEGIN PRIVATE'));

  it('is told to be new when it is made, and not again', async () => {
    const first = await open();
    expect(first.isNew).to.equal(true);
    expect(noticesOf(first, NAMES).join()).to.contain('has to trust it').and.contain(folder);
    const again = await open();
    expect(again.isNew).to.equal(false);
    expect(again.authority.fingerprint).to.equal(first.authority.fingerprint);
    expect(noticesOf(again, NAMES)).to.deep.equal([]);
  });

  it('holds a key and its certificate', async () => {
    const { authority } = await open();
    const text = readFileSync(file, 'utf8');
    expect(new X509Certificate(text).fingerprint256).to.equal(authority.fingerprint);
    expect(new X509Certificate(text).checkPrivateKey(createPrivateKey(keyIn(text)))).to.equal(true);
  });

  it('is one for all who start at the same time, whichever of them makes it', async () => {
    for (let round = 0; round < 10; round += 1) {
      const opened = await Promise.all([open(), open(), open(), open()]);
      expect(new Set(opened.map(({ authority }) => authority.fingerprint))).to.have.property('size', 1);
      expect(opened.filter(({ isNew }) => isNew)).to.have.length(1);
      expect((await open()).authority.fingerprint).to.equal(opened[0].authority.fingerprint);
      expect(readdirSync(folder)).to.deep.equal(['authority-and-key.pem']);
      rmSync(file);
    }
  });

  it('is the only key in the folder, also where a process was killed while it wrote one', async () => {
    for (const left of [`${file}.0b5c.new`, join(folder, 'authority-key.pem.new')]) writeFileSync(left, 'half a key');
    await open();
    expect(readdirSync(folder)).to.deep.equal(['authority-and-key.pem']);
  });

  describe('as an earlier version left it, in two', () => {
    it('becomes one, of the same authority', async () => {
      const { authority, pem } = await Authority.make(NAMES, NOW);
      pair(certificateIn(pem), keyIn(pem));
      const { authority: taken, isNew } = await open();
      expect([taken.fingerprint, isNew]).to.deep.equal([authority.fingerprint, false]);
      expect(readdirSync(folder)).to.deep.equal(['authority-and-key.pem']);
      expect(statSync(file).mode & 0o777).to.equal(0o600);
      expect((await open()).authority.fingerprint).to.equal(authority.fingerprint);
    });

    it('becomes one for all who start at the same time', async () => {
      const { authority, pem } = await Authority.make(NAMES, NOW);
      pair(certificateIn(pem), keyIn(pem));
      for (const opened of await Promise.all([open(), open(), open()]))
        expect(opened.authority.fingerprint).to.equal(authority.fingerprint);
      expect(readdirSync(folder)).to.deep.equal(['authority-and-key.pem']);
    });

    it('is used as it is where nothing can be written', async () => {
      const { authority, pem } = await Authority.make(NAMES, NOW);
      pair(certificateIn(pem), keyIn(pem));
      // In the place of the lock: as if the folder could not be written.
      mkdirSync(join(folder, 'lock'));
      expect((await open()).authority.fingerprint).to.equal(authority.fingerprint);
    });

    it('is refused where one of them is missing', async () => {
      const { pem } = await Authority.make(NAMES, NOW);
      pair(certificateIn(pem), keyIn(pem));
      rmSync(join(folder, 'authority-key.pem'));
      expect(await refusal())
        .to.contain(`${join(folder, 'authority.pem')} is of no use without`)
        .and.contain('remove');
    });

    it('is refused where they do not belong together', async () => {
      const [one, other] = [await Authority.make(NAMES, NOW), await Authority.make(NAMES, NOW)];
      pair(certificateIn(one.pem), keyIn(other.pem));
      expect(await refusal())
        .to.contain('the key of another certificate')
        .and.contain('authority-key.pem');
    });
  });

  const HALF = 0.5;
  for (const [what, says, spoil] of [
    ['empty', 'is damaged', () => ''],
    ['half', 'is damaged', (text: string) => text.slice(0, text.length * HALF)],
    ['without its key', 'is damaged', certificateIn],
    ['garbage', 'is damaged', () => '\u0000\u0001garbage'],
    [
      'of garbage between the right lines',
      'is damaged',
      (text: string) => text.replaceAll(/^[A-Za-z0-9+/=]{20,}$/gm, 'AAAA'),
    ],
    [
      'with the key of another certificate',
      'the key of another certificate',
      (text: string) =>
        certificateIn(text) +
        generateKeyPairSync('ec', { namedCurve: 'P-256' })
          .privateKey.export({ format: 'pem', type: 'pkcs8' })
          .toString(),
    ],
    [
      'with a key of another kind',
      'was not made by Moult',
      (text: string) =>
        certificateIn(text) +
        generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    ],
  ] as const) {
    it(`is refused in a sentence where it is ${what}, and left as it is`, async () => {
      await open();
      writeFileSync(file, spoil(readFileSync(file, 'utf8')));
      expect(await refusal())
        .to.contain(file)
        .and.contain(says)
        .and.contain('remove it');
    });
  }

  it('is refused where it is a server’s certificate, and no authority’s', async () => {
    const { authority } = await open();
    const leaf = await authority.leaf(['bench.local'], [], NOW);
    writeFileSync(file, `${leaf.cert}\n${leaf.key}`);
    expect(await refusal()).to.contain('was not made by Moult');
  });

  it('is refused where others may read it, with what to do', async () => {
    await open();
    for (const mode of [0o644, 0o640, 0o602]) {
      chmodSync(file, mode);
      expect(await refusal())
        .to.contain(`chmod 600 ${file}`)
        .and.contain('remove it');
    }
    chmodSync(file, 0o400);
    expect((await open()).isNew).to.equal(false);
  });

  it('is refused where the key of an earlier version was open to others', async () => {
    const { pem } = await Authority.make(NAMES, NOW);
    pair(certificateIn(pem), keyIn(pem), 0o644);
    expect(await refusal()).to.contain(`chmod 600 ${join(folder, 'authority-key.pem')}`);
  });

  it('is refused where it cannot be read', async () => {
    mkdirSync(file, { mode: 0o700 });
    expect(await refusal()).to.contain(`${file} cannot be read: it is a folder`);
  });

  it('is not made where the disk is full, and the reason is told', async () => {
    const restore = await fullDisk();
    try {
      expect(await refusal())
        .to.contain(`cannot be written to ${file}: the disk is full`)
        .and.contain('--data');
    } finally {
      restore();
    }
    expect((await open()).isNew).to.equal(true);
  });

  describe('and the clock', () => {
    it('is not made by one that was never set', async () => {
      expect(await refusal(DAY_MS))
        .to.contain('clock says 1970-01-02')
        .and.contain('Set the clock right');
      expect((await open()).isNew).to.equal(true);
    });

    it('that is years ahead or behind is told, and the authority waits', async () => {
      const { authority } = await open();
      expect(await refusal(NOW + 11 * YEAR_MS))
        .to.contain('from 2026-11-26 to 2036-11-24')
        .and.contain('clock says 2037-11-24')
        .and.contain(file);
      expect(await refusal(NOW - 2 * DAY_MS)).to.contain('clock says 2026-11-25');
      expect((await open()).authority.fingerprint).to.equal(authority.fingerprint);
    });

    it('of a first start that was ahead is told afterwards', async () => {
      await open(NOW + 10 * YEAR_MS);
      expect(await refusal())
        .to.contain('is valid from 2036-11-23')
        .and.contain('If it is right, remove the file');
    });

    it('has it made anew in time, and that is told', async () => {
      const first = await open();
      const kept = await open(NOW + 3_550 * DAY_MS);
      expect(kept.authority.fingerprint).to.equal(first.authority.fingerprint);
      const anew = await open(NOW + 3_600 * DAY_MS);
      expect(anew.isNew).to.equal(true);
      expect(anew.authority.fingerprint).not.to.equal(first.authority.fingerprint);
    });
  });

  it('says that a machine has a name which it does not vouch for', async () => {
    await open();
    const renamed = ['shed', 'shed.local'];
    const words = noticesOf(await open(NOW, renamed), renamed);
    expect(words).to.have.length(1);
    expect(words[0]).to.contain('does not cover shed.local').and.contain('authority*.pem');
  });
});
