/** A whole image over real sockets: as a command sends it, and as a job of the host does. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { push } from '../../../src/host/cli/push/push.ts';
import { OwnJobs } from '../../../src/host/jobs/own-jobs.ts';
import { DeviceFetch } from '../../../src/host/reach/device-fetch.ts';
import { onNthOf } from '../../../src/simulator/whole/faults.ts';
import { withBuild } from '../../../src/simulator/wled/metadata.ts';
import { wledImage, type WledOptions } from '../../../src/simulator/wled/options.ts';
import { SimulatedWled } from '../../../src/simulator/wled/simulated-wled.ts';
import { serveLamp } from '../../../src/simulator/node/wled-server.ts';
import type { ServedWhole } from '../../../src/simulator/node/whole-server.ts';
import { UpdateControls } from '../../../src/update/controls.ts';
import type { UpdateState } from '../../../src/model/update/update-state.ts';
import { buildApp, resealed } from '../../firmware/image-builder.ts';

function imageOf(sizeBytes: number): Uint8Array<ArrayBuffer> {
  const app = buildApp({ python: false, strings: ['.'.repeat(300)], sizeBytes });
  return resealed(withBuild(app, { version: '16.0.1', release: 'ESP32' }));
}

const IMAGE = imageOf(400_000);
/** More than the buffers of both ends hold together. */
const LARGE_BYTES = 16 * 1024 * 1024;

describe('a whole image over real sockets', () => {
  let served: ServedWhole;
  let lamp: SimulatedWled;
  let folder: string;

  async function serve(options: Partial<WledOptions> = {}): Promise<void> {
    lamp = new SimulatedWled({ awayMs: 50, ...options });
    served = await serveLamp(lamp, { port: 0 });
    folder = mkdtempSync(join(tmpdir(), 'moult-shelf-'));
  }

  afterEach(async () => {
    await served.close();
    rmSync(folder, { recursive: true });
  });

  async function pushed(states: UpdateState[] = [], bytes = IMAGE) {
    return push({
      ...{ bytes, fileName: 'wled.bin', name: 'Hall', restart: true, controls: new UpdateControls() },
      target: {
        ...{ origin: served.origin, prefix: '/ota', protocol: 'automatic', dialect: null },
        ...{ tokenHeader: 'X-OTA-Token', token: '' },
      },
      jobs: OwnJobs.open(folder, () => undefined),
      onState: (state) => void states.push(state),
    });
  }

  it('arrives byte for byte, and its update is told in whole sentences', async () => {
    await serve();
    const states: UpdateState[] = [];
    const { outcome, words, version } = await pushed(states);
    expect(outcome).to.include({ outcome: 'updated', by: 'identity', dialect: 'wled' });
    expect(lamp.runningImage).to.deep.equal(IMAGE);
    expect(version).to.equal('16.0.1');
    expect(words.detail).to.equal('Hall restarted and runs WLED 16.0.1 (ESP32) now, as the file said.');
    const counts = states.filter(({ phase }) => phase === 'writing').map(({ progress }) => progress.acknowledged);
    expect(counts.length, 'progress is told').to.be.greaterThan(2);
    expect(counts).to.deep.equal(counts.toSorted((one, other) => one - other));
  });

  it('is not sent again to one that would append it, and that is said', async () => {
    await serve({ firmware: wledImage({ version: '0.15.1', release: 'ESP32' }), flashMegabytes: 64 });
    const large = imageOf(LARGE_BYTES);
    lamp.fault = onNthOf('update', 1, { kind: 'drop', when: { bytes: 200_000 } });
    const { outcome, words } = await pushed([], large);
    expect(outcome).to.include({ outcome: 'failed', leaves: 'half', oldFirmware: 'runs' });
    expect(words.detail).to.match(/still runs its old firmware\. It keeps the part that it got until it restarts/);
    // The next command knows of it.
    const again = await pushed([], large);
    expect(again.outcome).to.include({ outcome: 'failed', code: 'half-left' });
    expect(lamp.uploads).to.have.length(1);
  });

  it('ends at once where the lamp refuses it in the middle', async () => {
    await serve({ otherSubnet: true });
    expect((await pushed()).outcome).to.include({ outcome: 'failed', code: 'other-subnet' });
  });

  it('is given up with its signal, and tells how much has gone', async () => {
    await serve();
    lamp.fault = onNthOf('update', 1, { kind: 'hang', when: { bytes: 1000 } });
    const way = new DeviceFetch();
    const end = new AbortController();
    const body = new Uint8Array(8 * 1024 * 1024);
    const form = new TextEncoder().encode('--b\r\nContent-Disposition: form-data; name="update"\r\n\r\n');
    const sent: number[] = [];
    const work = way.upload({
      ...{ url: `${served.origin}/update`, contentType: 'multipart/form-data; boundary=b', parts: [form, body] },
      signal: end.signal,
      onSent: (bytes) => {
        sent.push(bytes);
        // It has taken the beginning, and takes no more than what fits into buffers.
        if (bytes > 0) end.abort();
      },
    });
    const error: unknown = await work.catch((each: unknown) => each);
    expect(error).to.be.instanceOf(TypeError);
    expect(sent.length).to.be.greaterThan(0);
    expect(Math.max(...sent)).to.be.below(body.length);
    way.close();
  });
});
