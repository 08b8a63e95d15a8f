import { expect } from 'chai';
import { Writable } from 'node:stream';
import { commandLine } from '../../../src/host/cli/command-line.ts';
import { Output } from '../../../src/host/cli/output.ts';

async function run(
  ...args: readonly string[]
): Promise<{ status: number; said: string; complaints: readonly string[] }> {
  let said = '';
  const complaints: string[] = [];
  const stream = new Writable({
    write: (part, _encoding, done) => {
      said += String(part);
      done();
    },
  });
  const status = await commandLine(args, new Output(stream), (text) => complaints.push(text));
  return { status, said, complaints };
}

describe('`--help` after a command', () => {
  for (const command of ['serve', 'clients', 'inspect', 'push', 'agent', 'jobs']) {
    for (const args of [['--help'], ['-h'], ['--data', 'x', '--help', '--no-such-option']]) {
      it(`prints that command's help and does nothing else: ${command} ${args.join(' ')}`, async () => {
        const { status, said, complaints } = await run(command, ...args);
        expect(status).to.equal(0);
        expect(complaints).to.deep.equal([]);
        const commands = new Set([...said.matchAll(/^moult (\w+)/gm)].map(([, name]) => name));
        expect([...commands]).to.deep.equal([command]);
        expect(said).to.contain('exit status 64');
      });
    }
  }

  it('is a file’s name behind “--”, and no command is made of an unknown one', async () => {
    const file = await run('inspect', '--', '--help');
    expect(file.status).to.equal(3);
    const unknown = await run('burn', '--help');
    expect(unknown.status).to.equal(64);
    expect(unknown.complaints.join('')).to.contain('There is no command "burn"');
  });
});
