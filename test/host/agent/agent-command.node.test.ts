import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { agentCommand } from '../../../src/host/agent/agent-command.ts';
import { UsageError } from '../../../src/host/cli/usage.ts';
import { isActive } from '../../../src/simulator/hawkbit/actions.ts';
import { SimulatedHawkbit } from '../../../src/simulator/hawkbit/simulated-hawkbit.ts';
import { serveHawkbit, type ServedHawkbit } from '../../../src/simulator/node/hawkbit-server.ts';
import { sampleFirmware } from '../../../src/simulator/sample-firmware.ts';
import { startDevice, TOKEN, type ServedSimulated } from '../jobs/job-host.ts';
import { sameBytes } from '../../update/scripted/same-bytes.ts';

const SLOT_BYTES = 1024 * 1024;

describe('moult agent', () => {
  const image = sampleFirmware();
  let folder: string;
  let server: SimulatedHawkbit;
  let served: ServedHawkbit;
  let devices: ServedSimulated[];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'moult-agent-'));
    server = new SimulatedHawkbit({ pollSeconds: 1 });
    served = await serveHawkbit(server);
    devices = await Promise.all([1, 2].map(() => startDevice({ slotBytes: SLOT_BYTES, requestBytes: 65_536 })));
    list();
  });
  afterEach(async () => {
    await Promise.all([served.close(), ...devices.map((device) => device.close())]);
    rmSync(folder, { recursive: true });
  });

  const set = {
    ...{ name: 'sample', version: '1.0.0' },
    modules: [{ name: 'sample', version: '1.0.0', part: 'os', artifacts: [{ filename: 'sample.bin', bytes: image }] }],
  };
  function list(): void {
    const path = join(folder, 'devices.json');
    const entries = devices.map(({ origin }, at) => ({
      ...{ address: origin, name: `Device ${at}`, controllerId: `moult-${at}`, token: TOKEN, chip: 'ESP32' },
    }));
    writeFileSync(path, JSON.stringify(entries));
    chmodSync(path, 0o600);
  }

  /** Runs it until `isSo`, which is asked every 20 ms. */
  async function untilSo(isSo: () => boolean, said: string[] = []): Promise<number> {
    writeFileSync(join(folder, 'token'), 'gateway-secret', { mode: 0o600 });
    let stop: () => void = () => undefined;
    const stopped = new Promise<void>((resolve) => (stop = resolve));
    const look = setInterval(() => {
      if (isSo()) stop();
    }, 20);
    const options = {
      server: served.origin,
      devices: join(folder, 'devices.json'),
      'token-file': join(folder, 'token'),
    };
    const args = Object.entries({ ...options, data: join(folder, 'data') }).flatMap(([name, value]) => [
      `--${name}`,
      value,
    ]);
    try {
      const complain = (text: string): void => {
        throw new Error(text);
      };
      return await agentCommand(
        args,
        (text) => said.push(text),
        complain,
        () => stopped,
      );
    } finally {
      clearInterval(look);
    }
  }

  it('updates what the server assigns, fetches the file once, and says so in words', async () => {
    const actions = [0, 1].map((at) => server.assign(`moult-${at}`, set));
    const said: string[] = [];
    const status = await untilSo(() => actions.every((action) => !isActive(action)), said);
    expect(status).to.equal(0);
    expect(actions.map((action) => action.status)).to.deep.equal(['finished', 'finished']);
    for (const { device } of devices) expect(sameBytes(device.runningImage, image)).to.equal(true);
    expect(server.asked('artifact')).to.equal(1);
    expect(said[0]).to.equal('The agent serves 2 devices. Stop it with Ctrl+C.');
    expect(said).to.include(`Connected to ${served.origin}, tenant DEFAULT.`);
  });

  it('goes on after it was stopped in the middle, and says so', async () => {
    const action = server.assign('moult-0', set);
    const { device } = devices[0] ?? {};
    await untilSo(() => (device?.session?.written ?? 0) > 100_000);
    const isThrough = !isActive(action);
    await untilSo(() => !isActive(action));
    expect(action).to.include({ status: 'finished', ends: 1 });
    if (!isThrough) expect(action.entries.flatMap(({ messages }) => messages).join(' ')).to.include('was restarted');
  });

  it('takes no token as an argument', async () => {
    const error = await agentCommand(
      ['--token=secret'],
      () => undefined,
      () => undefined,
    ).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(UsageError);
    expect((error as Error).message).not.to.include('secret');
  });

  it('needs a server and a list', async () => {
    for (const args of [[], ['--server', 'http://hawkbit.test']]) {
      const error = await agentCommand(
        args,
        () => undefined,
        () => undefined,
      ).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(UsageError);
    }
  });
});
