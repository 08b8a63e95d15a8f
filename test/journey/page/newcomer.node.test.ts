import { expect } from 'chai';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildApp } from '../../firmware/image-builder.ts';
import { JOURNEY_MS, useJourney } from '../journey.ts';

const PROGRAM = fileURLToPath(new URL('../../../dist/host/moult.js', import.meta.url));
const IMAGE = buildApp({ sizeBytes: 96 * 1024, version: '2.0.0' });

describe('A newcomer without hardware', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();
  let program: ChildProcess | null = null;
  let data = '';

  afterEach(async () => {
    if (program !== null && program.exitCode === null) {
      program.kill('SIGTERM');
      await once(program, 'exit');
    }
    await rm(data, { recursive: true });
  });

  it('starts the host, and four presses later sees both of its simulated devices updated', async () => {
    data = await mkdtemp(join(tmpdir(), 'moult-newcomer-'));
    const options = ['--simulate', '2', '--no-lan', '--port', '0', '--device-port', '0', '--data', data];
    program = spawn(process.execPath, [PROGRAM, 'serve', ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
    const url = await told(program, /Moult is open at {2}(\S+)/);

    const app = await journey().open(undefined, url);
    await app.button('Try it with a simulated device').click();
    await app.choose(await journey().file('first.bin', IMAGE));
    await app.press('Update', 'Kitchen sensor');
    await app.press('Update', 'Hall sensor');
    await app.says('Accepted by the device', 'Hall sensor', JOURNEY_MS);
    const said = await app.says('Updated', 'Kitchen sensor', JOURNEY_MS);
    expect(said).to.contain('Kitchen sensor runs 2.0.0 now, from slot ota_1');
    expect(app.errors).to.deep.equal([]);
  });
});

/** Waits until the program has said what `words` describe; what its first group matched. */
async function told({ stdout }: ChildProcess, words: RegExp): Promise<string> {
  if (stdout === null) throw new Error('nobody listens to the program');
  let heard = '';
  for await (const part of stdout as AsyncIterable<Buffer>) {
    heard += part.toString('utf8');
    const found = words.exec(heard)?.[1];
    if (found !== undefined) return found;
  }
  throw new Error(`the program ended, having said: ${heard}`);
}
