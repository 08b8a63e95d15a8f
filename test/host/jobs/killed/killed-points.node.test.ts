/** A host killed while ten updates are each at another point of their way, with a page that watches all of them. */
import { expect } from 'chai';
import type { JobEvent } from '../../../../src/model/jobs/job-events.ts';
import type { CreateJob } from '../../../../src/model/jobs/job-requests.ts';
import type { Job } from '../../../../src/model/jobs/job.ts';
import type { FaultInfo, When } from '../../../../src/simulator/faults.ts';
import type { SimulatedDevice } from '../../../../src/simulator/simulated-device.ts';
import { buildApp } from '../../../firmware/image-builder.ts';
import { appBytes } from '../../../update/scripted/images.ts';
import { holdSlots } from '../../../update/world/slot-bytes.ts';
import { ChildHosts, type ChildHost } from './child-hosts.ts';
import { hasEnded, hashOf, jobFor, outcomeOf, startDevice, TOKEN, type Stream, type Told } from '../job-host.ts';

const FIRMWARE = buildApp({ sizeBytes: 65_536 });
/** What the devices ran before. */
const BEFORE = appBytes(1_000);
const SECRETS = { token: TOKEN, login: null };

type IsIt = (request: FaultInfo, board: SimulatedDevice) => boolean;

function isNth(route: string, nth: number): IsIt {
  return (request) => request.route === route && request.nth === nth;
}

const POINTS: readonly (readonly [string, IsIt])[] = [
  ['begin', isNth('begin', 1)],
  ['a chunk', isNth('chunk', 3)],
  ['finalize', isNth('finalize', 1)],
  ['the first question after its restart', ({ route }, { restarts }) => route === 'status' && restarts > 0],
  ['the mark', isNth('mark-valid', 1)],
];

/** A device whose request at that point hangs, before it has its effect or after it, and each one after that. */
interface Board {
  readonly name: string;
  readonly device: SimulatedDevice;
  readonly asked: CreateJob;
  /** Resolves when it has heard the request. */
  readonly heard: Promise<void>;
  readonly close: () => Promise<void>;
}

async function boardAt(point: string, isIt: IsIt, when: When): Promise<Board> {
  const started = await startDevice({ rollback: true, firmware: BEFORE });
  const { origin, device } = started;
  const heard = new Promise<void>((resolve) => {
    let isThere = false;
    device.fault = (request) => {
      if (isThere) return { kind: 'hang', when: 'before' };
      isThere = isIt(request, device);
      if (!isThere) return null;
      resolve();
      return { kind: 'hang', when };
    };
  });
  const name = `${when} the device does what it heard: ${point}`;
  return { name, device, asked: jobFor(origin, FIRMWARE), heard, close: () => started.close() };
}

function allBoards(): Promise<Board[]> {
  return Promise.all(
    POINTS.flatMap(([point, isIt]) => [boardAt(point, isIt, 'before'), boardAt(point, isIt, 'after')]),
  );
}

/** Everything that a stream tells until it ends. */
async function allOf(stream: Stream): Promise<readonly Told[]> {
  const told: Told[] = [];
  try {
    for (;;) told.push(await stream.next());
  } catch {
    // It has ended, with the host.
    return told;
  }
}

/** What must hold of an update that went on. */
function holdUpdated({ device, asked }: Board, job: Job): void {
  expect(outcomeOf(job)).to.equal('updated');
  expect(hashOf(device.runningImage)).to.equal(asked.firmware.sha256);
  // Both slots, every byte of them.
  holdSlots({ device, image: FIRMWARE, firmware: BEFORE });
  expect(device.writeLog.filter(({ offset }) => offset === 0).length, 'sessions').to.equal(1);
  expect([device.restarts, device.bytesProgrammedTwice]).to.deep.equal([1, 0]);
}

describe('a host killed with ten updates under way', () => {
  let hosts: ChildHosts;
  let boards: readonly Board[] = [];
  let seen: readonly Told[] = [];
  const afterwards = new Map<string, JobEvent>();
  const ends = new Map<string, Job>();

  before(async () => {
    hosts = new ChildHosts();
    boards = await allBoards();
    const first = await hosts.start();
    await first.page.put(FIRMWARE);
    for (const { asked } of boards) await first.page.post('/jobs', asked);
    const refs = boards.map(({ asked: { id, key } }) => ({ id, key, after: null }));
    const watching = first.page.follow(refs).then((stream) => allOf(stream));
    await Promise.all(boards.map(({ heard }) => heard));
    await first.end('SIGKILL');
    seen = await watching;
    for (const { device } of boards) device.fault = null;

    const { page } = await hosts.start();
    const last = seen.at(-1)?.id ?? null;
    const again = await page.follow(refs.map((ref) => ({ ...ref, after: last })));
    while (afterwards.size < boards.length) {
      const { event } = await again.next();
      if (event.kind === 'job') afterwards.set(event.job.id, event);
    }
    again.close();
    for (const { asked } of boards) await page.order(asked, { kind: 'go-on', secrets: SECRETS, beginAgain: false });
    // An address has eight streams.
    for (const { asked } of boards) ends.set(asked.id, await page.until(asked, hasEnded));
  });
  after(async () => {
    await Promise.all(boards.map(({ close }) => close()));
    hosts.close();
  });

  it('is heard to be gone by the page, which sees at once where each stands when it is back', () => {
    expect(seen).not.to.deep.equal([]);
    for (const { asked } of boards) {
      const event = afterwards.get(asked.id);
      expect(event?.host).not.to.equal(seen.at(-1)?.event.host);
      expect(event?.kind === 'job' && event.job.standing.kind).to.equal('waiting-for-token');
    }
  });

  it('goes on with each where the device is, in the session that it left', () => {
    for (const board of boards) {
      const job = ends.get(board.asked.id);
      if (job === undefined) throw new Error(board.name);
      try {
        holdUpdated(board, job);
      } catch (cause) {
        throw new Error(board.name, { cause });
      }
    }
  });
});

describe('a host killed the very moment a device hears it', () => {
  let hosts: ChildHosts;
  let first: ChildHost;
  beforeEach(async () => {
    hosts = new ChildHosts();
    first = await hosts.start();
  });
  afterEach(() => hosts.close());

  // What the host noted of it by then is all it has.
  for (const [point, isIt] of POINTS.filter(([name]) => name === 'begin' || name === 'finalize')) {
    it(`knows its own session again: ${point}`, async () => {
      const board = await boardAt(point, isIt, 'after');
      const { device, asked } = board;
      const hang = device.fault;
      const killed: Promise<void>[] = [];
      device.fault = (request) => {
        const fault = hang?.(request) ?? null;
        if (fault !== null) killed.push(first.end('SIGKILL'));
        return fault;
      };
      await first.page.put(FIRMWARE);
      await first.page.post('/jobs', asked);
      await board.heard;
      await Promise.all(killed);
      device.fault = null;
      const { page } = await hosts.start();
      await page.order(asked, { kind: 'go-on', secrets: SECRETS, beginAgain: false });
      holdUpdated(board, await page.until(asked, hasEnded));
      await board.close();
    });
  }
});
