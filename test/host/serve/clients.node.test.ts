import { expect } from 'chai';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { browserName, CODE_MS, Clients } from '../../../src/host/serve/clients.ts';
import { commandLine } from '../../../src/host/cli/command-line.ts';
import { clientsCommand } from '../../../src/host/cli/clients-command.ts';
import { UsageError } from '../../../src/host/cli/usage.ts';
import { fullDisk } from '../data/disk.ts';
import { fc } from '../../random.ts';

describe('the browsers that are paired with the host', () => {
  let folder: string;
  let now: number;
  let clients: Clients;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moult-clients-'));
    now = Date.UTC(2026, 10, 27, 12, 0);
    clients = new Clients(folder, () => now);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const pairOne = async (name = 'Chrome on Android'): Promise<{ key: string; id: string }> => {
    const got = await clients.pair(clients.newCode(), name);
    if (got.kind !== 'paired') throw new Error(`not paired: ${got.kind}`);
    return { key: got.key, id: got.client.id };
  };
  const kept = (): string => readFileSync(join(folder, 'clients.json'), 'utf8');

  it('have each a key of 128 bits, which the host does not keep', async () => {
    const { key } = await pairOne();
    expect(Buffer.from(key, 'base64url')).to.have.length(16);
    expect(clients.knows(key)).to.equal(true);
    expect(kept()).not.to.contain(key);
    // Windows has no such bits.
    if (process.platform !== 'win32') expect(statSync(join(folder, 'clients.json')).mode & 0o077).to.equal(0);
  });

  it('are known to another host of the same folder, and after a restart', async () => {
    const { key } = await pairOne();
    expect(new Clients(folder).knows(key)).to.equal(true);
  });

  it('are not recognised by a key that is missing, wrong or empty', async () => {
    await pairOne();
    for (const key of [undefined, '', 'A'.repeat(22)]) expect(clients.knows(key), `${key}`).to.equal(false);
  });

  it('take a code once, also where two come with it at the same time', async () => {
    const code = clients.newCode();
    const both = await Promise.all([clients.pair(code, 'one'), clients.pair(code, 'other')]);
    expect(both.filter(({ kind }) => kind === 'paired')).to.have.length(1);
    expect(await clients.pair(code, 'late')).to.deep.equal({ kind: 'wrong-code' });
  });

  it('take a code for ten minutes, and the terminal’s for as long as the host runs', async () => {
    const [short, long] = [clients.newCode(), clients.newCode(null, Infinity)];
    now += CODE_MS;
    expect(await clients.pair(short, 'late')).to.deep.equal({ kind: 'wrong-code' });
    expect(await clients.pair(long, 'late')).to.include({ kind: 'paired' });
  });

  it('leave the terminal’s code alone, however many others are shown', () => {
    const code = clients.newCode(null, Infinity);
    for (let shown = 0; shown < 1000; shown += 1) clients.newCode();
    expect(clients.waits(code)).to.equal(true);
  });

  it('may type a code as people do', async () => {
    const code = clients.newCode();
    const typed = ` ${code.slice(0, 5)}-${code.slice(5)}`.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l');
    expect(await clients.pair(typed, 'typist')).to.include({ kind: 'paired' });
  });

  it('are never joined by somebody with a guessed code', async () => {
    clients.newCode();
    await fc.assert(
      fc.asyncProperty(fc.string(), async (guess) => {
        expect(await clients.pair(guess, 'guest')).to.deep.equal({ kind: 'wrong-code' });
      }),
    );
    expect(clients.list()).to.deep.equal([]);
  });

  it('are refused from the moment that another process revokes them', async () => {
    const [phone, tablet] = [await pairOne(), await pairOne()];
    expect(clients.knows(phone.key)).to.equal(true);
    expect(await new Clients(folder).revoke(phone.id)).to.equal(true);
    expect(clients.knows(phone.key)).to.equal(false);
    expect(clients.knows(tablet.key)).to.equal(true);
    expect(await clients.revoke(phone.id)).to.equal(false);
  });

  it('are all kept where many are paired at the same time', async () => {
    const paired = await Promise.all(Array.from({ length: 20 }, () => pairOne()));
    expect(clients.list()).to.have.length(20);
    // And where another process revokes one meanwhile.
    const { id } = await pairOne();
    await Promise.all([pairOne(), new Clients(folder).revoke(id), pairOne()]);
    expect(clients.list()).to.have.length(22);
    expect(paired.every(({ key }) => clients.knows(key))).to.equal(true);
  });

  it('are limited in number, and then one has to go before another comes', async () => {
    const first = await pairOne();
    for (let paired = 1; paired < 256; paired += 1) await pairOne();
    const code = clients.newCode();
    expect(await clients.pair(code, 'one too many')).to.deep.equal({ kind: 'full' });
    expect(clients.knows(first.key), 'nobody is put out').to.equal(true);
    await clients.revoke(first.id);
    expect(await clients.pair(code, 'the next one')).to.include({ kind: 'paired' });
  });

  it('show codes that are worth nothing once they are revoked themselves', async () => {
    const thief = await pairOne();
    const code = clients.newCode(thief.id);
    await new Clients(folder).revoke(thief.id);
    expect(await clients.pair(code, 'the thief again')).to.deep.equal({ kind: 'wrong-code' });
  });

  it('are none where the file is damaged', async () => {
    const { key } = await pairOne();
    for (const text of ['', '{', '[{}]', '{"clients":1}', kept().slice(0, -5)]) {
      writeFileSync(join(folder, 'clients.json'), text);
      const troubles: string[] = [];
      const damaged = new Clients(folder, undefined, ({ message }) => troubles.push(message));
      expect(damaged.knows(key), text).to.equal(false);
      expect(await damaged.pair(damaged.newCode(), 'again')).to.include({ kind: 'paired' });
      expect(troubles).to.have.length(1);
      expect(troubles[0]).to.contain('clients.json cannot be read (it is damaged)').and.contain('paired again');
      expect(readFileSync(join(folder, 'clients.json.damaged'), 'utf8')).to.equal(text);
    }
  });

  it('are none where others may write the file, until they may not', async function () {
    // Windows has no such bits.
    if (process.platform === 'win32') this.skip();
    const { key } = await pairOne();
    const said: string[] = [];
    const later = new Clients(
      folder,
      () => now,
      ({ message }) => said.push(message),
    );
    chmodSync(join(folder, 'clients.json'), 0o666);
    expect(later.knows(key)).to.equal(false);
    expect(said.join()).to.contain('Others can write to').and.contain('chmod 600');
    chmodSync(join(folder, 'clients.json'), 0o600);
    expect(later.knows(key)).to.equal(true);
  });

  describe('on the command line', () => {
    const run = async (...args: string[]): Promise<{ status: number; said: string; complained: string }> => {
      const said: string[] = [];
      const complained: string[] = [];
      const status = await clientsCommand(
        [...args, '--data', folder],
        (text) => said.push(text),
        (text) => complained.push(text),
      );
      return { status, said: said.join('\n'), complained: complained.join('\n') };
    };

    it('are listed, and revoked by their ID', async () => {
      expect(await run()).to.include({ status: 0, said: 'No browser is paired.' });
      const { id, key } = await pairOne();
      expect((await run()).said).to.equal(`${id}  paired 2026-11-27 12:00 UTC  Chrome on Android`);
      expect(await run('--revoke', id)).to.include({ status: 0, said: `${id} is no longer paired.` });
      expect(clients.knows(key)).to.equal(false);
      expect(await run('--revoke', id)).to.include({ status: 1, complained: `No paired browser has the ID "${id}".` });
    });

    it('are reported as lost where their list is damaged', async () => {
      writeFileSync(join(folder, 'clients.json'), '[');
      const { said, complained } = await run();
      expect(said).to.equal('No browser is paired.');
      expect(complained).to.contain('clients.json cannot be read (it is damaged) and is now');
    });

    it('are reported as still paired where their list cannot be written', async () => {
      const { id } = await pairOne();
      const complaints: string[] = [];
      const restore = await fullDisk();
      const args = ['clients', '--data', folder, '--revoke', id];
      const status = await commandLine(args, undefined, (text) => complaints.push(text)).finally(restore);
      expect(status).to.equal(74);
      expect(complaints.join()).to.contain('clients.json cannot be written: the disk is full');
      expect(clients.list()).to.have.length(1);
    });

    it('are not revoked by an empty ID', async () => {
      try {
        await run('--revoke', '');
        expect.fail('taken');
      } catch (error) {
        expect(error).to.be.instanceOf(UsageError);
      }
    });
  });
});

describe('what a browser is called', () => {
  for (const [agent, name] of [
    [
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Mobile Safari/537.36',
      'Chrome on Android',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
      'Safari on iPhone',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36 Edg/143.0.0.0',
      'Edge on a Mac',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0', 'Firefox on Linux'],
    ['curl/8.5.0', 'A browser'],
    [undefined, 'A browser'],
  ] as const) {
    it(`is “${name}” for ${agent?.slice(0, 40) ?? 'none'}`, () => expect(browserName(agent)).to.equal(name));
  }
});
