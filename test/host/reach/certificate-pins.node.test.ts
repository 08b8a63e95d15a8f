import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificatePins } from '../../../src/host/reach/certificate-pins.ts';

/** As many as are remembered. */
const MOST = 4_096;

describe('The certificates of devices', () => {
  let folder: string;
  let file: string;
  const troubles: unknown[] = [];
  const trouble = (error: unknown): void => void troubles.push(error);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moult-pins-'));
    file = join(folder, 'device-certificates.json');
    troubles.length = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are not remembered by being shown', () => {
    const pins = new CertificatePins(null, trouble);
    expect(pins.allows('192.168.1.50:443', 'AA')).to.equal(true);
    expect(pins.allows('192.168.1.50:443', 'BB')).to.equal(true);
  });

  it('once kept allow no other one', () => {
    const pins = new CertificatePins(null, trouble);
    expect(pins.keep('192.168.1.50:443', 'AA')).to.equal(true);
    expect(pins.allows('192.168.1.50:443', 'AA')).to.equal(true);
    expect(pins.allows('192.168.1.50:443', 'BB')).to.equal(false);
    expect(pins.keep('192.168.1.50:443', 'BB')).to.equal(false);
    expect(pins.allows('192.168.1.51:443', 'BB')).to.equal(true);
  });

  it('make room for a new device, by forgetting what was seen longest ago', () => {
    const pins = new CertificatePins(null, trouble);
    pins.keep('hall:443', 'AA');
    pins.keep('kitchen:443', 'AA');
    for (let i = 2; i < MOST; i += 1) pins.keep(`192.168.1.66:${i}`, 'CC');
    // Seen again, so it stays.
    pins.keep('hall:443', 'AA');
    expect(pins.keep('garden:443', 'AA')).to.equal(true);
    expect(pins.allows('garden:443', 'BB')).to.equal(false);
    expect(pins.allows('hall:443', 'BB')).to.equal(false);
    expect(pins.allows('kitchen:443', 'BB')).to.equal(true);
  });

  it('are in the file for the next start, however many came at once', async () => {
    const pins = new CertificatePins(file, trouble);
    for (let i = 0; i < 100; i += 1) pins.keep(`192.168.1.66:${i}`, 'CC');
    await pins.written();
    expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')) as object)).to.have.length(100);
    pins.keep('hall:443', 'AA');
    await pins.written();
    const again = new CertificatePins(file, trouble);
    expect(again.allows('hall:443', 'BB')).to.equal(false);
    expect(troubles).to.deep.equal([]);
  });

  it('are those of all hosts in one folder: the first one to see a device is right', async () => {
    const [one, other] = [new CertificatePins(file, trouble), new CertificatePins(file, trouble)];
    one.keep('hall:443', 'AA');
    await one.written();
    expect(other.allows('hall:443', 'BB')).to.equal(false);
    expect(other.keep('hall:443', 'BB')).to.equal(false);
    other.keep('kitchen:443', 'CC');
    await other.written();
    one.keep('garden:443', 'DD');
    await one.written();
    expect(JSON.parse(readFileSync(file, 'utf8'))).to.deep.equal({
      'hall:443': 'AA',
      'kitchen:443': 'CC',
      'garden:443': 'DD',
    });
    expect(troubles).to.deep.equal([]);
  });

  it('that two hosts see at the same moment are one, and the other host gives in', async () => {
    const [one, other] = [new CertificatePins(file, trouble), new CertificatePins(file, trouble)];
    expect([one.keep('hall:443', 'AA'), other.keep('hall:443', 'BB')]).to.deep.equal([true, true]);
    await Promise.all([one.written(), other.written()]);
    const [kept] = Object.values(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>);
    for (const pins of [one, other]) {
      expect([pins.allows('hall:443', 'AA'), pins.allows('hall:443', 'BB')]).to.deep.equal([
        kept === 'AA',
        kept === 'BB',
      ]);
    }
  });

  it('are forgotten when a person takes them out of the file', async () => {
    const pins = new CertificatePins(file, trouble);
    pins.keep('hall:443', 'AA');
    pins.keep('kitchen:443', 'CC');
    await pins.written();
    writeFileSync(file, JSON.stringify({ 'kitchen:443': 'CC' }));
    expect(pins.allows('hall:443', 'BB')).to.equal(true);
    pins.keep('garden:443', 'DD');
    await pins.written();
    expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')) as object)).to.deep.equal(['kitchen:443', 'garden:443']);
  });

  it('that are known stay known where the file is damaged meanwhile, and are written anew', async () => {
    const pins = new CertificatePins(file, trouble);
    pins.keep('hall:443', 'AA');
    await pins.written();
    writeFileSync(file, '{');
    expect(pins.allows('hall:443', 'BB')).to.equal(false);
    expect(String(troubles)).to.contain(`${file} cannot be read (it is damaged) and is now ${file}.damaged`);
    pins.keep('kitchen:443', 'CC');
    await pins.written();
    expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')) as object)).to.deep.equal(['hall:443', 'kitchen:443']);
    expect(readFileSync(`${file}.damaged`, 'utf8')).to.equal('{');
    expect(troubles).to.have.length(1);
  });

  it('are remembered, and the trouble is told, where the file cannot be written', async () => {
    const pins = new CertificatePins(join(folder, 'gone', 'device-certificates.json'), trouble);
    pins.keep('hall:443', 'AA');
    await pins.written();
    expect(pins.allows('hall:443', 'BB')).to.equal(false);
    expect(troubles).to.have.length(1);
  });
});
