import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeQR } from 'qr';
import { greeting, pairedWords, serveCommand } from '../../../src/host/cli/serve-command.ts';
import type { Host } from '../../../src/host/serve/serve.ts';
import { UsageError } from '../../../src/host/cli/usage.ts';
import { startAedes } from '../mqtt/test-broker.ts';
import { Watcher } from '../mqtt/watcher.ts';

const HOST: Host = {
  url: 'http://localhost:6685',
  simulated: [],
  lan: () => null,
  pairingCode: () => null,
  refresh: () => Promise.resolve(),
  stop: () => Promise.resolve(),
};
const LAN = {
  plain: ['http://192.168.1.5:6685/', 'http://10.0.0.5:6685/'],
  secure: ['https://192.168.1.5:6686/', 'https://bench.local:6686/'],
  fingerprint: 'AB:CD',
};

describe('moult serve', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moult-serve-'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Moult</title>');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  interface Run {
    readonly out: string;
    readonly err: string;
    readonly code: number | null;
  }

  /** Runs it on loopback alone; `saw` is told of everything it has said so far. */
  function serve(
    args: readonly string[],
    saw: (out: string, stop: () => void) => void = () => undefined,
  ): Promise<Run> {
    const command = ['--import=tsx', 'src/host/moult.ts', 'serve', '--no-lan', '--app', folder, '--data', folder];
    const child = spawn(process.execPath, [...command, ...args]);
    let out = '';
    let err = '';
    child.stdout.on('data', (part: Buffer) => {
      out += part.toString();
      saw(out, () => child.kill('SIGTERM'));
    });
    child.stderr.on('data', (part: Buffer) => (err += part.toString()));
    return new Promise((resolve) => child.on('close', (code) => resolve({ out, err, code })));
  }

  /** Runs it until it has answered with its page, and then sends it a signal. */
  async function serveOnce(args: readonly string[]): Promise<Run & { readonly page: string }> {
    let page = '';
    let asked = false;
    const run = await serve(args, (said, stop) => {
      const url = /Moult is open at {2}(\S+)/.exec(said)?.[1];
      if (url === undefined || asked || !said.includes('Ctrl+C')) return;
      asked = true;
      void fetch(url)
        .then(async (answer) => (page = await answer.text()))
        .finally(stop);
    });
    return { ...run, page };
  }

  it('says where it is, serves the page there, and stops at a signal', async () => {
    const { out, code, page } = await serveOnce(['--port', '0', '--simulate', '1', '--device-port', '0']);
    expect(page).to.contain('<title>Moult</title>');
    expect(out)
      .to.match(/Simulated devices[^]*token /)
      .and.contain('Stopping.');
    expect(code).to.equal(0);
  });

  it('takes a free port for a simulated device whose default one is taken, and ends where one was named', async () => {
    // Where another program has it already, that one will do.
    const taken = createServer();
    await new Promise<void>((resolve) => {
      taken.once('error', () => resolve()).listen(8081, '127.0.0.1', () => resolve());
    });
    try {
      const { out, code } = await serveOnce(['--port', '0', '--simulate', '1']);
      expect(out)
        .to.match(/Simulated devices[^]*127\.0\.0\.1:\d+/)
        .and.not.contain(':8081');
      expect(code).to.equal(0);
      const named = await serve(['--port', '0', '--simulate', '1', '--device-port', '8081']);
      expect(named.err).to.contain('Port 8081 is taken').and.contain('--device-port');
      expect(named.code).to.equal(1);
    } finally {
      if (taken.listening) await new Promise((resolve) => taken.close(resolve));
    }
  });

  it('names the port that is taken, and ends', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as AddressInfo;
    const { err, code } = await serve(['--port', String(port)]);
    await new Promise((resolve) => taken.close(resolve));
    expect(err)
      .to.contain(`Port ${port} is taken`)
      .and.match(/--port \d+/);
    expect(code).to.equal(1);
  });

  it('serves this machine where its folder cannot be had, and says why in a sentence', async () => {
    const file = join(folder, 'index.html');
    const { err, code, page } = await serveOnce(['--port', '0', '--data', file]);
    expect(err).to.match(/^The folder for .*, cannot be used: there is a file of that name\. .* --data DIR\.\n$/);
    expect(err).to.contain(file);
    expect(page).to.contain('<title>Moult</title>');
    expect(code).to.equal(0);
  });

  it('announces itself to the broker that it is given, and says there that it has gone', async () => {
    const broker = await startAedes();
    const watcher = await Watcher.open(broker.url);
    try {
      let isStopped = false;
      const { out, code } = await serve(['--port', '0', '--mqtt', broker.url], (said, stop) => {
        if (isStopped || !said.includes('Connected to the MQTT broker')) return;
        isStopped = true;
        void watcher.until(() => watcher.text('status') === 'online').then(stop);
      });
      expect(out).to.contain(broker.url).and.contain('The host keeps no device yet');
      await watcher.until(() => watcher.text('status') === 'offline');
      expect(code).to.equal(0);
    } finally {
      await watcher.close();
      await broker.close();
    }
  });

  it('refuses a broker’s password in its address, and a broker without a folder', async () => {
    for (const [args, words] of [
      [['--mqtt', 'mqtt://moult:secret@127.0.0.1'], '--mqtt-user'],
      [['--mqtt', 'mqtt://127.0.0.1', '--data', join(folder, 'index.html')], 'MQTT needs a data folder'],
    ] as const) {
      const refused = await serveCommand(['--no-lan', '--app', folder, '--data', folder, ...args]).catch(
        (error: unknown) => error,
      );
      expect(refused)
        .to.be.instanceOf(UsageError)
        .with.property('message')
        .that.contains(words)
        .and.not.contains('secret');
    }
  });

  it('refuses one port for two things, in words that blame no other program', async () => {
    for (const [args, words] of [
      [['--port', '18443', '--https-port', '18443'], '--port and --https-port are both 18443'],
      [['--port', '6686'], '--port and --https-port are both 6686'],
      [
        ['--no-lan', '--port', '18082', '--device-port', '18081', '--simulate', '2'],
        '--port 18082 is taken by a simulated',
      ],
    ] as const) {
      const refused = await serveCommand(['--app', folder, '--data', folder, ...args]).catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(UsageError).with.property('message').that.contains(words);
    }
  });

  it('shows phones the address as a QR code, and the fingerprint to compare', () => {
    const lines = greeting({ ...HOST, lan: () => LAN });
    expect(lines).to.contain(encodeQR('http://192.168.1.5:6685/', 'ascii'));
    for (const part of [...LAN.plain, ...LAN.secure, 'AB:CD']) expect(lines).to.contain(part);
  });

  it('says so where the machine is on no network, and nothing of phones where it serves this machine alone', () => {
    const nowhere = { plain: [], secure: [], fingerprint: 'AB:CD' };
    expect(greeting({ ...HOST, lan: () => nowhere })).to.contain('not on a private network now');
    expect(greeting(HOST)).not.to.contain('phone');
  });

  it('shows what pairs a browser behind every address of the LAN, and another code once that is used', () => {
    const host = { ...HOST, lan: () => LAN, pairingCode: () => 'K7QM4XTR2W' };
    for (const url of [...LAN.plain, ...LAN.secure]) expect(greeting(host)).to.contain(`${url}#pair=K7QM4XTR2W`);
    expect(greeting(host))
      .to.contain(encodeQR(`${LAN.plain[0]}#pair=K7QM4XTR2W`, 'ascii'))
      .and.not.contain('--open');
    const words = pairedWords(host, { id: '0123abcd', name: 'Firefox on Android', pairedAt: 0 });
    expect(words).to.contain('Paired: Firefox on Android (0123abcd)').and.contain('#pair=K7QM4XTR2W');
    expect(greeting({ ...HOST, lan: () => LAN })).to.contain('--open');
  });
});
