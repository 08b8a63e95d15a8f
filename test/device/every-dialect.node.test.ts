/**
 * Each dialect, at each place that has to know it and that the compiler cannot check: what is read at runtime, and what
 * is implemented a second time. A dialect that is added (docs/architecture.md) and forgotten at a place fails under its
 * name.
 */
import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAddress } from '../../src/device/address.ts';
import { openLink } from '../../src/device/detect.ts';
import { browserProbes } from '../../src/device/doctor/browser-probes.ts';
import type { PageSurroundings } from '../../src/device/doctor/page-surroundings.ts';
import { askOpenApi } from '../../src/device/viperhttp/openapi.ts';
import { readDeviceList } from '../../src/host/cli/push/device-list.ts';
import { pushCommand } from '../../src/host/cli/push/push-command.ts';
import { UsageError } from '../../src/host/cli/usage.ts';
import { readTarget } from '../../src/host/gateway/target.ts';
import { readCreate } from '../../src/host/jobs/job-shapes.ts';
import { type ChunkedDialect, DIALECTS, PROTOCOLS, type Dialect, TRAITS } from '../../src/model/device/dialect.ts';
import { fetchFrom } from '../../src/simulator/device-fetch.ts';
import { asPrepared } from '../../src/simulator/server/cors.ts';
import { SIMULATED_DIALECTS, type SimulatedDialect } from '../../src/simulator/options.ts';
import { SimulatedDevice } from '../../src/simulator/simulated-device.ts';
import { readBackup, writeBackup } from '../../src/storage/backup.ts';
import { readImport } from '../../src/storage/read-import.ts';
import { usageText } from '../../src/words/cli/usage.ts';
import { PROTOCOL_CHOICES } from '../../src/words/device/protocol-words.ts';
import { FakeClock } from '../update/scripted/fake-clock.ts';
import { World } from '../update/world/world.ts';
import { aDevice } from '../storage/samples.ts';
import { limits, ORIGIN, target, TOKEN } from './given.ts';
import { Page } from './page.ts';
import { examine } from './doctor/told.ts';

const PAGE = 'http://localhost:6685';

const surroundings: PageSurroundings = {
  ...{ origin: PAGE, hostname: 'localhost', isSecureContext: true, knowsAddressSpaces: true },
  ...{ online: () => true, queryPermission: null, onPolicyViolation: () => undefined },
};

/** Devices that take an image whole have simulators of their own (test/simulator/wled). */
const CHUNKED = DIALECTS.filter((dialect): dialect is ChunkedDialect => TRAITS[dialect].sends === 'chunks');

/** The simulated device that implements each dialect a second time. */
const SIMULATED: Readonly<Record<ChunkedDialect, SimulatedDialect>> = { documented: 'documented', shipped: 'shipped' };

function simulated(dialect: ChunkedDialect, clock = new FakeClock()): SimulatedDevice {
  const spoken = SIMULATED[dialect];
  if (!SIMULATED_DIALECTS.includes(spoken)) throw new Error(`no simulated device speaks “${dialect}”`);
  return new SimulatedDevice({ token: TOKEN, dialect: spoken, cors: asPrepared([PAGE]), clock });
}

function worldOf(device: SimulatedDevice, clock: FakeClock) {
  return { fetch: fetchFrom(new Map([[ORIGIN, device]])), clock };
}

/** What the doctor says of a device that speaks `spoken` and is saved as `protocol`. */
async function diagnosed(spoken: ChunkedDialect, protocol: ChunkedDialect) {
  const clock = new FakeClock();
  const device = simulated(spoken, clock);
  const { fetch } = new Page({ origin: PAGE, devices: new Map([[ORIGIN, (request) => device.handle(request)]]) });
  const probes = browserProbes(surroundings, { fetch, clock, gateway: false, signal: limits().signal });
  const to = { ...target({ protocol }), gateway: null, route: null };
  return clock.settle(examine(to, probes, 'unreachable'));
}

function refusedBy(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => error,
  );
}

const ADDRESS = '127.0.0.1:9';

function originOf(typed: string): string | null {
  const read = parseAddress(typed);
  return read.kind === 'address' ? read.origin : null;
}

/** Where a person may write a protocol, and whether it is read there. */
const READERS: Readonly<Record<string, (protocol: string) => Promise<boolean>>> = {
  'an import of lines (storage/read-import.ts)': async (protocol) => {
    const options = { subtle: crypto.subtle, now: 0, devices: [], originOf, readAddress: parseAddress };
    const read = await readImport(`name,address,protocol\nHall,${ADDRESS},${protocol}`, options);
    if (read.kind !== 'read') return false;
    const [device] = read.plan.add;
    return device?.protocol === protocol && device.dialect === (protocol === 'automatic' ? null : protocol);
  },
  'a backup (storage/backup-schema.ts)': async (protocol) => {
    const given = { subtle: crypto.subtle, now: 0 };
    const written = await writeBackup([aDevice({ protocol: 'automatic', dialect: null })], null, given);
    if (written.kind !== 'written') throw new Error(written.kind);
    const dialect = protocol === 'automatic' ? null : protocol;
    const text = written.text
      .replace('"protocol": "automatic"', `"protocol": "${protocol}"`)
      .replace('"dialect": null', `"dialect": ${JSON.stringify(dialect)}`);
    const read = await readBackup(text, { ...given, devices: [], passphrase: null, originOf });
    return read.kind === 'read' && read.plan.add[0]?.protocol === protocol && read.plan.add[0].dialect === dialect;
  },
  'the list of `moult push --devices` (host/cli/push/device-list.ts)': async (protocol) => {
    const folder = mkdtempSync(join(tmpdir(), 'moult-dialects-'));
    try {
      const path = join(folder, 'devices.json');
      writeFileSync(path, JSON.stringify([{ address: ADDRESS, protocol }]));
      const read = await readDeviceList(path, {}).catch(() => []);
      return read[0]?.target.protocol === protocol;
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  '`moult push --protocol` (host/cli/push/push-command.ts)': async (protocol) => {
    // A mistake in the token is reported after one in the protocol, and before anything is read or sent.
    const args = ['app.bin', '--device', ADDRESS, '--protocol', protocol, '--token-env', 'MOULT_NO_SUCH_VARIABLE'];
    const error = await refusedBy(pushCommand(args));
    return error instanceof UsageError && error.problem.kind === 'no-such-variable';
  },
  'a job of the host (host/jobs/job-shapes.ts)': (protocol) => {
    const { name, origin, prefix, tokenHeader, chipId } = aDevice();
    const dialect = protocol === 'automatic' ? null : protocol;
    const read = readCreate({
      ...{ id: '1'.repeat(32), key: 'A'.repeat(22), secrets: { token: null, login: null } },
      device: { name, origin, prefix, tokenHeader, chipId, protocol, dialect },
      firmware: { sha256: 'ab'.repeat(32), name: 'app.bin' },
      plan: { restart: true, overruled: [], takeOver: null, beginAgain: false },
      ...{ goOnByItself: false, keepSecrets: false },
    });
    return Promise.resolve(read.kind === 'read');
  },
};

describe('A protocol that is written down', () => {
  for (const [place, takes] of Object.entries(READERS)) {
    for (const protocol of PROTOCOLS) {
      it(`is read by ${place}: “${protocol}”`, async () => {
        expect(await takes(protocol)).to.equal(true);
      });
    }
    it(`is refused by ${place} where there is no such protocol`, async () => {
      expect(await takes('no-such-protocol')).to.equal(false);
    });
  }
});

/** The places that have to know each dialect by its name. */
const NAMED: Readonly<Record<string, (dialect: Dialect) => void>> = {
  'the help of the command line (words/cli/usage.ts)': (dialect) => {
    const serve = { port: 1, httpsPort: 2, devicePort: 3, mostSimulated: 4, logLevels: [] };
    expect(usageText({ serve, protocols: PROTOCOLS })).to.contain(dialect);
  },
  'the form of a device (words/device/protocol-words.ts)': (dialect) => {
    expect(PROTOCOL_CHOICES.find(({ value }) => value === dialect)?.words).to.be.a('string');
  },
};

/** The places that have to know how a device that takes chunks speaks. */
const PLACES: Readonly<Record<string, (dialect: ChunkedDialect) => Promise<void> | void>> = {
  'the simulator (simulator/options.ts)': (dialect) => {
    expect(SIMULATED_DIALECTS).to.include(SIMULATED[dialect]);
  },
  'detection (device/detect.ts)': async (dialect) => {
    for (const protocol of ['automatic', dialect] as const) {
      const clock = new FakeClock();
      const open = openLink(target({ protocol }), worldOf(simulated(dialect, clock), clock));
      expect((await clock.settle(open(limits()))).dialect, `set to ${protocol}`).to.equal(dialect);
    }
  },
  'what a device tells of itself (device/viperhttp/openapi.ts)': async (dialect) => {
    const clock = new FakeClock();
    const told = await clock.settle(askOpenApi(target(), limits(), worldOf(simulated(dialect, clock), clock)));
    expect(told?.otas).to.deep.equal([{ prefix: '/ota', dialect }]);
  },
  'the gateway (host/gateway/target.ts)': async (dialect) => {
    const world = new World({ dialect: simulated(dialect).options.dialect });
    expect(await world.run())
      .to.have.property('outcome')
      .that.is.oneOf(['updated', 'accepted']);
    for (const { method, path } of world.device.requests) {
      expect(readTarget(method, `/device/http/192.168.1.50:8080${path}`).kind, `${method} ${path}`).to.equal('target');
    }
  },
  // By the name of its file each has a step of its own (tools/steps.ts).
  'the random schedules (test/update/world)': (dialect) => {
    const file = new URL(`../update/world/schedules-${dialect}.node.test.ts`, import.meta.url);
    expect(readFileSync(file, 'utf8')).to.contain(`fc.constant('${dialect}')`);
  },
  'the doctor (device/doctor/heard.ts)': async (dialect) => {
    expect((await diagnosed(dialect, dialect)).kind).to.be.oneOf(['answers', 'cannot-tell']);
    for (const other of CHUNKED.filter((one) => one !== dialect)) {
      expect(await diagnosed(dialect, other), `saved as ${other}`).to.include({ kind: 'other-dialect', dialect });
    }
  },
};

describe('A dialect', () => {
  for (const [place, knows] of Object.entries(NAMED)) {
    for (const dialect of DIALECTS) {
      it(`has its name in ${place}: “${dialect}”`, () => knows(dialect));
    }
  }
  for (const [place, knows] of Object.entries(PLACES)) {
    for (const dialect of CHUNKED) {
      it(`is known to ${place}: “${dialect}”`, () => knows(dialect));
    }
  }
});
