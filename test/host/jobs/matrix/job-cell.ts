/** One cell of the fault matrix as a job: the host's job service in a folder, over real sockets to a simulated device. */
import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RELAY_LIMITS } from '../../../../src/host/gateway/relay.ts';
import type { Entry } from '../../../../src/host/jobs/job-list.ts';
import { JobService } from '../../../../src/host/jobs/job-service.ts';
import { JOB_LIMITS } from '../../../../src/host/jobs/job-making.ts';
import { CertificatePins } from '../../../../src/host/reach/certificate-pins.ts';
import { deviceAgents, systemConnect, type DeviceAgents } from '../../../../src/host/reach/device-agents.ts';
import { TRAITS } from '../../../../src/model/device/dialect.ts';
import type { CreateJob, JobOrder } from '../../../../src/model/jobs/job-requests.ts';
import type { Job } from '../../../../src/model/jobs/job.ts';
import type { Outcome, UpdateState } from '../../../../src/model/update/update-state.ts';
import type { Fault } from '../../../../src/simulator/faults.ts';
import { serveDevice, type ServedDevice } from '../../../../src/simulator/node/node-server.ts';
import type { DeviceOptions } from '../../../../src/simulator/options.ts';
import { SimulatedDevice } from '../../../../src/simulator/simulated-device.ts';
import { buildApp } from '../../../firmware/image-builder.ts';
import { nameOf } from '../../../update/world/fault-matrix-cell.ts';
import type { Expected } from '../../../update/world/fault-matrix.ts';
import { appBytes } from '../../../update/scripted/images.ts';
import { sameBytes } from '../../../update/scripted/same-bytes.ts';
import { holdSlots, whatRuns } from '../../../update/world/slot-bytes.ts';
import { jobFor, TOKEN } from '../job-host.ts';
import { SocketClock } from '../socket-clock.ts';

/** An app that the host's own inspector takes. */
export const IMAGE = buildApp({ sizeBytes: 20_000 });
const FIRST_FIRMWARE = appBytes(1000);
const SECRETS = { token: TOKEN, login: null };
const HERE = { network: 'here', owner: 'here', by: 'this machine' } as const;
const MINUTE = 60_000;
/** As in the page's matrix: the longest time limit of what the host had sent runs out. */
const UNTIL_STARTED_AGAIN_MS = 50_000;

/** What happens to the host or the person, with the request under way. */
export const OF_HOST = ['host started again', 'cancelled', 'paused for a minute'] as const;
export type OfHost = (typeof OF_HOST)[number];

export class JobCell {
  readonly clock = new SocketClock();
  readonly image = IMAGE;
  readonly firmware = FIRST_FIRMWARE;
  readonly device: SimulatedDevice;
  /** Called with every state, before the engine goes on. */
  onState: (state: UpdateState) => void = () => undefined;
  /** The last state that the engine told. */
  state: UpdateState | null = null;
  /** How often the engine was started. */
  starts = 0;
  readonly #folder = mkdtempSync(join(tmpdir(), 'moult-cell-'));
  readonly #surprises: unknown[] = [];
  readonly #damaged = new Set<number>();
  #served: ServedDevice | null = null;
  #asked: CreateJob | null = null;
  #agents: DeviceAgents | null = null;
  #service: JobService | null = null;
  /** Resolves when the host has ended that is to be started again; null: none is. */
  #ending: Promise<void> | null = null;
  #wake: () => void = () => undefined;

  constructor(options: Partial<DeviceOptions>) {
    const isWhole = (stored: Uint8Array): boolean => sameBytes(stored, this.firmware) || sameBytes(stored, this.image);
    this.device = new SimulatedDevice({
      ...{ token: TOKEN, slotBytes: 64 * 1024, clock: this.clock, firmware: this.firmware, boots: isWhole },
      ...options,
    });
  }

  damages(fault: Fault): void {
    if (fault.kind === 'corrupt' && fault.where === 'wire') this.#damaged.add(this.device.writeLog.length);
  }

  /** Lets it happen. Returns no fault, since none of these is the device's. */
  happens(trouble: OfHost): null {
    switch (trouble) {
      case 'host started again':
        this.#ending = this.clock.still(this.#endHost());
        return null;
      case 'cancelled':
        void this.#order({ kind: 'cancel' });
        return null;
      case 'paused for a minute':
        this.pauses(MINUTE);
        return null;
    }
  }

  /** For so many milliseconds: less than a documented device keeps a session where nothing else is said. */
  pauses(ms = 20_000): void {
    void this.#order({ kind: 'pause' });
    void this.clock.sleep(ms).then(() => this.#order({ kind: 'resume' }));
  }

  /** @returns how it ended; where the host was, how it ended when it was told to go on */
  async toTheEnd(): Promise<Outcome> {
    const dice = Math.random;
    // Backoff is random by design. As in the page's matrix it is the middle of every window.
    Math.random = () => 0.5;
    try {
      return await this.clock.settle(this.#play());
    } finally {
      Math.random = dice;
      await this.#endHost();
      await this.#served?.close();
      rmSync(this.#folder, { recursive: true });
    }
  }

  /** What must hold however it ended. */
  hold(outcome: Outcome, expected: Expected): void {
    const { device } = this;
    expect(this.#surprises, 'defects').to.deep.equal([]);
    expect(nameOf(outcome) + whatRuns(this)).to.equal(expected);
    const since = outcome.progress.acknowledged - (device.session?.written ?? 0);
    const { sessionNamesImage, writesAreIdempotent } = TRAITS[device.options.dialect];
    // Another client's session that cannot be told apart from ours has what we sent since it began.
    holdSlots(this, { damaged: this.#damaged, otherFrom: sessionNamesImage ? 0 : Math.max(0, since) });
    const intoRunning = device.writeLog.filter(({ slot }) => slot === 'ota_0');
    expect(intoRunning, 'writes to the slot from before').to.have.length(0);
    if (writesAreIdempotent) expect(device.bytesProgrammedTwice, 'bytes written twice').to.equal(0);
    if (outcome.outcome === 'updated') expect(device.markedValid, 'marked valid').to.equal(true);
    if ('oldFirmware' in outcome && outcome.oldFirmware === 'runs') expect(device.running).to.equal('ota_0');
  }

  async #play(): Promise<Outcome> {
    this.#served = await serveDevice(this.device, { port: 0 });
    const asked = (this.#asked = jobFor(this.#served.origin, this.image));
    let service = await this.clock.still(this.#startHost());
    const pieces = async function* (bytes: Uint8Array): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(bytes);
    };
    const { sha256 } = asked.firmware;
    await this.clock.still(service.shelf.receive(sha256, this.image.length, pieces(this.image), 'here'));
    const made = await this.clock.still(service.create(asked, HERE));
    if (made.kind === 'refused') throw new Error(made.refusal.kind);
    for (;;) {
      await this.#untilOver();
      if (this.#ending === null) return this.#outcome();
      await this.#ending;
      this.#ending = null;
      await this.clock.sleep(UNTIL_STARTED_AGAIN_MS);
      service = await this.clock.still(this.#startHost());
      const { standing } = this.#job();
      expect(standing.kind, 'after the host’s end').to.equal('waiting-for-token');
      await this.#order({ kind: 'go-on', secrets: SECRETS, beginAgain: false });
    }
  }

  async #startHost(): Promise<JobService> {
    const pins = new CertificatePins(null, (error) => this.#surprises.push(error));
    const agents = deviceAgents(systemConnect, pins);
    const nobody = { resolve: () => Promise.resolve([]), ownAddresses: () => [] };
    const service = await JobService.open({
      ...{ dataDir: this.#folder, clock: this.clock, reach: { ...nobody, agents, limits: RELAY_LIMITS } },
      trouble: (sentence) => this.#surprises.push(sentence),
      surprise: (error) => this.#surprises.push(error),
      ended: () => undefined,
      limits: { jobs: { ...JOB_LIMITS, grace: 5_000 } },
    });
    if (service === null) throw new Error('no jobs');
    let standing = '';
    service.list.watch(() => {
      const { job } = this.#entry(service).record;
      if (job.standing.kind === 'running' && standing !== 'running' && standing !== 'paused') this.starts += 1;
      standing = job.standing.kind;
      if (job.update !== null && job.update !== this.state) {
        this.state = job.update;
        this.onState(job.update);
      }
      this.#wake();
    });
    this.#service = service;
    this.#agents = agents;
    return service;
  }

  /** As a host that is told to stop, whose process ends with its connections. */
  async #endHost(): Promise<void> {
    const [service, agents] = [this.#service, this.#agents];
    this.#service = null;
    const closing = service?.close();
    agents?.http.destroy();
    agents?.https.destroy();
    await closing;
    this.#wake();
  }

  async #untilOver(): Promise<void> {
    while (this.#ending === null && this.#job().standing.kind !== 'ended') {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #outcome(): Outcome {
    const { standing } = this.#job();
    if (standing.kind !== 'ended') throw new Error(`a job that is ${standing.kind}`);
    return standing.outcome;
  }

  #job(): Job {
    return this.#entry().record.job;
  }

  #entry(service = this.#service): Entry {
    const { id = '', key = '' } = this.#asked ?? {};
    const entry = service?.list.find(id, key) ?? null;
    if (entry === null) throw new Error('the host has no such job');
    return entry;
  }

  async #order(order: JobOrder): Promise<void> {
    await this.#service?.order(this.#entry(), order);
  }
}
