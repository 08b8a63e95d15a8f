import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { reportOn as reportOnRead, type FileReport } from '../../../src/host/cli/file-report.ts';
import { inspectCommand } from '../../../src/host/cli/inspect-command.ts';
import { readFirmwareFile } from '../../../src/host/cli/read-firmware-file.ts';
import { buildMerged } from '../../firmware/flash-builder.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import { buildGzip, buildZip } from '../../firmware/other-files-builder.ts';
import { UsageError } from '../../../src/host/cli/usage.ts';

describe('moult inspect', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'moult-inspect-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  function file(name: string, bytes: string | Uint8Array): string {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  }

  async function reportOn(path: string): Promise<FileReport> {
    return reportOnRead(path, await readFirmwareFile(path));
  }

  /** Runs the command; what it printed, and its exit status. */
  async function run(...args: string[]): Promise<{ status: number; printed: string }> {
    return runWith(Readable.from([]), ...args);
  }

  async function runWith(stdin: Readable, ...args: string[]): Promise<{ status: number; printed: string }> {
    const lines: string[] = [];
    const status = await inspectCommand(args, (line) => lines.push(line), stdin);
    return { status, printed: lines.join('\n') };
  }

  it('reports every key, null where nothing is known', async () => {
    const path = file('notes.txt', 'hello');
    const { status, printed } = await run('--json', path);
    expect(status).to.equal(2);
    const reports = JSON.parse(printed) as FileReport[];
    expect(reports).to.have.length(1);
    const { message, ...report } = reports[0] ?? expect.fail('no report');
    expect(message).to.match(/^[A-Z].*\.$/);
    expect(report).to.deep.equal({
      file: path,
      size: 5,
      sha256: createHash('sha256').update('hello').digest('hex'),
      kind: 'text',
      chip: null,
      chipId: null,
      verdict: 'refuse',
      reason: 'text',
      warnings: [],
      project: null,
      version: null,
      date: null,
      idfVersion: null,
      micropython: null,
      tells: null,
      checksumValid: null,
      hashValid: null,
      signed: null,
      inside: [],
    });
  });

  it('calls a file by what it says of itself, and reports all of that', async () => {
    const strings = ['Tasmota/%s (%s)', '19:38:07', 'Jul 24 2026'];
    const path = file('tasmota32.bin', buildApp({ strings, python: false, project: '', version: '' }));
    expect((await run(path)).printed).to.include('\n  Tasmota, ESP32, 2026-07-24 19:38:07\n');
    const [report] = JSON.parse((await run('--json', path)).printed) as FileReport[];
    expect(report?.tells).to.deep.equal({
      ...{ product: 'Tasmota', version: null, release: null, build: '2026-07-24T19:38:07', installsFrom: null },
    });
  });

  it('ends with the worst of what it found', async () => {
    const refused = file('empty.bin', '');
    expect((await run(refused)).status).to.equal(2);
    expect((await run('--json', refused, join(folder, 'missing.bin'))).status).to.equal(3);
  });

  it('goes on after a file that cannot be read', async () => {
    const { printed } = await run('--json', join(folder, 'missing.bin'), file('empty.bin', ''));
    const [missing, empty] = JSON.parse(printed) as FileReport[];
    expect(missing).to.include({ verdict: null, kind: null, reason: 'unreadable' });
    expect((await run(join(folder, 'missing.bin'))).printed).to.match(
      /missing\.bin cannot be read: there is no such file or folder\.\n?$/,
    );
    expect(empty).to.include({ verdict: 'refuse', kind: 'empty', size: 0 });
  });

  it('lets no file name steer the terminal', async () => {
    const { printed } = await run(join(folder, 'a\u001b[2Jb'));
    expect(printed).to.contain('a[2Jb').and.not.contain('\u001b');
  });

  it('needs a file, and knows its options', async () => {
    for (const args of [[], ['--jsno', 'x']]) {
      try {
        await run(...args);
        expect.fail('accepted');
      } catch (error) {
        expect(error).to.be.instanceOf(UsageError);
      }
    }
  });

  it('never rejects, whatever it is pointed at', async () => {
    expect(await reportOn(folder)).to.include({ verdict: null, reason: 'unreadable' });
  });

  it('ends with 0 where all are accepted, and with 1 where there is a warning', async () => {
    const good = file('good.bin', buildApp());
    expect((await run(good)).status).to.equal(0);
    expect((await run(good, file('no-hash.bin', buildApp({ hash: false })))).status).to.equal(1);
  });

  it('looks into what a file holds, and into what that holds', async () => {
    const zip = await buildZip([{ name: 'full.bin', bytes: buildMerged({ chip: 'ESP32-S3' }) }]);
    const path = file('release.zip', await buildGzip(zip));
    const report = await reportOn(path);
    const path3 = report.inside[0]?.inside[0]?.inside[0];
    expect(report.inside[0]).to.include({ how: 'gzip', kind: 'zip' });
    expect(report.inside[0]?.inside[0]).to.include({ name: 'full.bin', kind: 'merged' });
    expect(path3).to.include({ name: 'ota_0', kind: 'app', verdict: 'accept', size: buildApp().length });
    const { printed, status } = await run(path);
    expect(status).to.equal(2);
    expect(printed).to.match(
      /\n {2}inside: unpacked file\. .*\n {4}inside: full\.bin\. .*\n {6}inside: ota_0\. Firmware/,
    );
  });

  it('says every warning, in words and for programs', async () => {
    const path = file('sketch.bin', buildApp({ python: false, minRevision: 300 }));
    expect((await reportOn(path)).warnings).to.deep.equal(['chip-revision', 'no-micropython']);
    const { status, printed } = await run(path);
    expect(status).to.equal(1);
    expect(printed).to.match(/: Warning\. Needs ESP32 revision v3\.0 or newer.* no sign of MicroPython/);
  });

  it('reads standard input where the file is named -, once', async () => {
    const app = buildApp();
    const parts = (): Readable => Readable.from([Buffer.from(app.subarray(0, 100)), Buffer.from(app.subarray(100))]);
    const { status, printed } = await runWith(parts(), '--json', '-');
    expect(status).to.equal(0);
    const [report] = JSON.parse(printed) as FileReport[];
    expect(report).to.include({ file: '-', kind: 'app', size: app.length });
    expect(report?.sha256).to.equal(createHash('sha256').update(app).digest('hex'));
    try {
      await runWith(parts(), '-', '-');
      expect.fail('accepted');
    } catch (error) {
      expect(error).to.be.instanceOf(UsageError);
    }
  });

  it('takes the name of Arduino’s core for no name, and MicroPython’s banner for one', async () => {
    const core = buildApp({ project: 'arduino-lib-builder', version: 'esp-idf: v4.4.5 ac5d805d0e' });
    const { printed } = await run(file('sketch.bin', core));
    expect(printed).to.contain('ESP32').and.not.contain('arduino-lib-builder').and.not.contain('esp-idf');
    // Programs get what the file states.
    expect(await reportOn(join(folder, 'sketch.bin'))).to.include({ project: 'arduino-lib-builder' });
    const python = buildApp({
      project: '',
      version: '',
      strings: ['MicroPython v1.27.0 on 2026-01-07; My board with ESP32'],
    });
    expect((await run(file('python.bin', python))).printed).to.contain(
      '\n  My board with ESP32, v1.27.0, ESP32, 2026-01-07\n',
    );
  });
});
