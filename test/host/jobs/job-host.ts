/** A host that runs jobs, and simulated devices on real sockets, for the tests of jobs. */
import { createHash, randomBytes } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { CreateJob, FollowJobs, JobOrder } from '../../../src/model/jobs/job-requests.ts';
import type { JobEvent } from '../../../src/model/jobs/job-events.ts';
import type { JobRefusal } from '../../../src/model/jobs/job-refusals.ts';
import type { Job } from '../../../src/model/jobs/job.ts';
import { serveDevice } from '../../../src/simulator/node/node-server.ts';
import type { DeviceOptions } from '../../../src/simulator/options.ts';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import { call, type Answer, type Call } from '../test-host.ts';

export const TOKEN = 'c'.repeat(64);

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export interface ServedSimulated {
  readonly origin: string;
  readonly device: SimulatedDevice;
  close(): Promise<void>;
}

export async function startDevice(options: Partial<DeviceOptions> = {}): Promise<ServedSimulated> {
  const device = new SimulatedDevice({ dialect: 'shipped', token: TOKEN, awayMs: 20, cors: null, ...options });
  const served = await serveDevice(device, { port: 0 });
  return { origin: served.origin, device, close: () => served.close() };
}

/** A job as a page makes one, with an id and key of its own. */
export function jobFor(origin: string, bytes: Uint8Array, more: Partial<CreateJob> = {}): CreateJob {
  return {
    id: randomBytes(16).toString('hex'),
    key: randomBytes(16).toString('base64url'),
    device: {
      ...{ name: 'Bench', origin, prefix: '/ota', protocol: 'automatic', dialect: null, tokenHeader: 'X-OTA-Token' },
      chipId: null,
    },
    secrets: { token: TOKEN, login: null },
    firmware: { sha256: hashOf(bytes), name: 'bench.bin' },
    plan: { restart: true, overruled: [], takeOver: null, beginAgain: false },
    goOnByItself: false,
    keepSecrets: false,
    ...more,
  };
}

/** A page of the host on `port`, as the host hears it. */
export class JobPage {
  readonly port: number;
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(port: number, address = '127.0.0.1', headers: Readonly<Record<string, string>> = {}) {
    this.port = port;
    this.address = address;
    const host = address === '127.0.0.1' ? 'localhost' : address;
    this.headers = { host: `${host}:${port}`, origin: `http://${host}:${port}`, ...headers };
  }

  ask(path: string, more: Partial<Call> = {}): Promise<Answer> {
    const { port, address } = this;
    return call({ port, address, path, ...more, headers: { ...this.headers, ...more.headers } });
  }

  post(path: string, body: unknown, key?: string): Promise<Answer> {
    const headers = { 'content-type': 'application/json', ...(key === undefined ? {} : { 'moult-job-key': key }) };
    return this.ask(path, { method: 'POST', body: JSON.stringify(body), headers });
  }

  put(bytes: Uint8Array, sha256 = hashOf(bytes)): Promise<Answer> {
    const headers = { 'content-type': 'application/octet-stream' };
    return this.ask(`/jobs/firmware/${sha256}`, { method: 'PUT', body: bytes, headers });
  }

  /** Hands the firmware over and makes the job; throws where the host says no. */
  async create(bytes: Uint8Array, job: CreateJob): Promise<Job> {
    const put = await this.put(bytes);
    if (put.status > 201) throw new Error(put.text);
    const made = await this.post('/jobs', job);
    if (made.status > 201) throw new Error(made.text);
    return jobIn(made);
  }

  order({ id, key }: Pick<CreateJob, 'id' | 'key'>, order: JobOrder): Promise<Answer> {
    return this.post(`/jobs/${id}`, order, key);
  }

  async job({ id, key }: Pick<CreateJob, 'id' | 'key'>): Promise<Job> {
    return jobIn(await this.ask(`/jobs/${id}`, { headers: { 'moult-job-key': key } }));
  }

  follow(jobs: FollowJobs['jobs'], headers: Readonly<Record<string, string>> = {}): Promise<Stream> {
    return this.followAll({ jobs }, headers);
  }

  followAll(asked: FollowJobs, headers: Readonly<Record<string, string>> = {}): Promise<Stream> {
    const { port, address: host } = this;
    const body = JSON.stringify(asked);
    const all = { ...this.headers, 'content-type': 'application/json', ...headers };
    const options = { host, port, path: '/jobs/events', method: 'POST', agent: false, headers: all };
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(options, (response) => resolve(new Stream(response)));
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  /** Follows one job from its state as it is, until `isIt` says so. */
  async until({ id, key }: Pick<CreateJob, 'id' | 'key'>, isIt: (job: Job) => boolean): Promise<Job> {
    const stream = await this.follow([{ id, key, after: null }]);
    try {
      for (;;) {
        const { event } = await stream.next();
        if (event.kind === 'job' && isIt(event.job)) return event.job;
      }
    } finally {
      stream.close();
    }
  }
}

export interface Told {
  readonly id: string;
  readonly event: JobEvent;
}

/** A stream of events, read one by one. */
export class Stream {
  readonly response: IncomingMessage;
  readonly #told: Told[] = [];
  /** Heartbeats: comments without an event. */
  beats = 0;
  hasEnded = false;
  #text = '';
  #wake: () => void = () => undefined;

  constructor(response: IncomingMessage) {
    this.response = response;
    response.setEncoding('utf8');
    response.on('data', (part: string) => this.#take(part));
    const end = (): void => {
      this.hasEnded = true;
      this.#wake();
    };
    response.on('close', end);
    response.on('error', end);
  }

  get status(): number {
    return this.response.statusCode ?? 0;
  }

  /** Rejects where the stream has ended. */
  async next(): Promise<Told> {
    for (;;) {
      const told = this.#told.shift();
      if (told !== undefined) return told;
      if (this.hasEnded) throw new Error(`the stream has ended: ${this.#text}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  async nextBeat(): Promise<void> {
    const before = this.beats;
    while (this.beats === before && !this.hasEnded) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  close(): void {
    this.response.destroy();
  }

  #take(part: string): void {
    this.#text += part;
    for (let end = this.#text.indexOf('\n\n'); end >= 0; end = this.#text.indexOf('\n\n')) {
      const lines = this.#text.slice(0, end).split('\n');
      this.#text = this.#text.slice(end + 2);
      const [id, data] = [valueOf(lines, 'id: '), valueOf(lines, 'data: ')];
      if (data === null) this.beats += 1;
      else this.#told.push({ id: id ?? '', event: JSON.parse(data) as JobEvent });
    }
    this.#wake();
  }
}

function valueOf(lines: readonly string[], name: string): string | null {
  return lines.find((line) => line.startsWith(name))?.slice(name.length) ?? null;
}

export function jobIn(answer: Answer): Job {
  return (JSON.parse(answer.text) as { job: Job }).job;
}

export function refusalIn(answer: Answer): JobRefusal {
  return (JSON.parse(answer.text) as { refusal: JobRefusal }).refusal;
}

export function hasEnded(job: Job): boolean {
  return job.standing.kind === 'ended';
}

/** How a job ended; throws for one that has not. */
export function outcomeOf({ standing }: Job): string {
  if (standing.kind !== 'ended') throw new Error(`a job that is ${standing.kind}`);
  return standing.outcome.outcome;
}
