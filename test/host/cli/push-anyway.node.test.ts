/** `moult push --send-anyway`: a file that does not fit a device, as far as is known, and somebody who knows better. */
import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pushCommand } from '../../../src/host/cli/push/push-command.ts';
import type { ServedWhole } from '../../../src/simulator/node/whole-server.ts';
import { serveLamp } from '../../../src/simulator/node/wled-server.ts';
import { withBuild } from '../../../src/simulator/wled/metadata.ts';
import { SimulatedWled } from '../../../src/simulator/wled/simulated-wled.ts';
import { buildApp, resealed, type Bytes } from '../../firmware/image-builder.ts';
import { testHost } from '../test-host.ts';

const app = buildApp({ python: false, strings: ['.'.repeat(300)], sizeBytes: 65_536 });
const ETHERNET = resealed(withBuild(app, { version: '16.0.1', release: 'ESP32_Ethernet' }));

describe('moult push --send-anyway', () => {
  let lamp: SimulatedWled;
  let served: ServedWhole;
  let folder: string;
  let printed: string[];
  let said: string[];

  beforeEach(async () => {
    lamp = new SimulatedWled({ awayMs: 50 });
    served = await serveLamp(lamp, { port: 0 });
    folder = mkdtempSync(join(tmpdir(), 'moult-anyway-'));
    printed = [];
    said = [];
  });
  afterEach(async () => {
    await served.close();
    rmSync(folder, { recursive: true });
  });

  function run(bytes: Bytes, ...args: readonly string[]): Promise<number> {
    const path = join(folder, 'app.bin');
    writeFileSync(path, bytes);
    const where = ['--device', served.origin, '--data', join(folder, 'data')];
    return pushCommand(
      [path, ...where, ...args],
      (text) => printed.push(text),
      (text) => said.push(text),
    );
  }

  it('is named where a file is not sent, with the reason', async () => {
    expect(await run(ETHERNET)).to.equal(1);
    expect(printed.join('')).to.match(/^Failed\. The file is the release ESP32_Ethernet; this device runs ESP32\./);
    expect(said).to.deep.equal(['To send it anyway, repeat the command with --send-anyway other-release.']);
    expect(lamp.uploads).to.be.empty;
  });

  it('sends it where that very reason is named, and no other one', async () => {
    expect(await run(ETHERNET, '--send-anyway', 'stopgap', '--json')).to.equal(1);
    expect(JSON.parse(printed.join(''))).to.include({ code: 'wrong-image', mayOverrule: 'other-release' });
    expect(lamp.uploads).to.be.empty;
    expect(await run(ETHERNET, '--send-anyway', 'stopgap', '--send-anyway', 'other-release')).to.equal(0);
    expect(lamp.runningImage).to.deep.equal(ETHERNET);
  });

  it('has a host send it, too', async () => {
    const host = await testHost();
    try {
      expect(await run(ETHERNET, '--host', host.host.url)).to.equal(1);
      expect(said).to.have.length(1);
      expect(await run(ETHERNET, '--host', host.host.url, '--send-anyway', 'other-release')).to.equal(0);
      expect(lamp.runningImage).to.deep.equal(ETHERNET);
    } finally {
      await host.stop();
    }
  });

  it('overrules no chip that the device itself has told, and does not say that it could', async () => {
    const other = buildApp({ chip: 'ESP32-S3', python: false });
    expect(await run(other, '--send-anyway', 'wrong-chip')).to.equal(1);
    expect(said).to.be.empty;
    expect(lamp.uploads).to.be.empty;
  });
});
