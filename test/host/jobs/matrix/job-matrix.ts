/**
 * The fault matrix once more, through jobs: the same rows and lulls, where the host's connections, its relay, its journal
 * in files and its own end are in the way in the place of a page's. Each cell is played in the page, too, and ends the same.
 */
import { expect } from 'chai';
import type { Fault } from '../../../../src/simulator/faults.ts';
import {
  type Cell,
  faultMeanwhile,
  isFault,
  isInFlash,
  playLull,
  playRow,
  troublesMeanwhile,
  troublesOf,
} from '../../../update/world/fault-matrix-cell.ts';
import {
  FAULTS,
  type DeviceTrouble,
  type Expected,
  type First,
  type Kind,
  type Lull,
  type Meanwhile,
  type Outside,
  type Row,
} from '../../../update/world/fault-matrix.ts';
import { IMAGE, JobCell, OF_HOST, type OfHost } from './job-cell.ts';

export type JobTrouble = DeviceTrouble | OfHost;

export interface Cells {
  readonly rows: (row: Row, trouble: JobTrouble) => boolean;
  /** Whether the waits between two requests are crossed, too. */
  readonly lulls: boolean;
}

/** What the page's matrix calls the same. */
const IN_PAGE: Readonly<Record<OfHost, Extract<Outside, Meanwhile>>> = {
  'host started again': 'page reloaded',
  cancelled: 'cancelled',
  'paused for a minute': 'paused for a minute',
};

/** A kept connection that breaks without a byte of an answer: the host asks a question once more over another one. */
const ASKED_AGAIN: ReadonlySet<JobTrouble> = new Set<JobTrouble>(['dropped before', 'dropped after']);

/** Where a job rightly ends otherwise than the page's own run. */
function otherwise({ name }: Kind, { route }: Row, trouble: JobTrouble): Expected | null {
  const isOnlyList = name === 'documented, without a counter' && route === 'openapi';
  return isOnlyList && ASKED_AGAIN.has(trouble) ? 'accepted*' : null;
}

/** Defines a test for each cell of a kind of device. */
export function crossJobs(kind: Kind, { rows, lulls }: Cells): void {
  for (const row of kind.rows) {
    const troubles: JobTrouble[] = [...troublesOf(row).filter(isFault), ...OF_HOST];
    for (const trouble of troubles.filter((each) => rows(row, each))) crossRow(kind, row, trouble);
  }
  for (const lull of lulls ? kind.lulls : []) {
    // A host knows of no network that goes: what is sent then fails, as a row has it.
    if (lull.first.also !== 'offline') for (const name of troublesMeanwhile(lull)) crossLull(kind, lull, name);
  }
}

function crossRow(kind: Kind, row: Row, trouble: JobTrouble): void {
  const inPage = isFault(trouble) ? trouble : IN_PAGE[trouble];
  const other = otherwise(kind, row, trouble);
  const expected = other ?? row.but[inPage] ?? row.usually;
  const after = row.first ? `, after ${row.first.words}` : '';
  it(`${row.phase}${after}, ${trouble}: ${expected}`, async () => {
    const cell = new JobCell(kind.device);
    const lead = leading(cell, row.first);
    let [met, seen] = [false, 0];
    cell.device.fault = ({ route }) => {
      if (!lead.isLed()) return lead.fault(route);
      if (met || route !== row.route || cell.state?.phase !== row.phase) return null;
      seen += 1;
      if (seen !== (row.nth ?? 1)) return null;
      met = true;
      if (!isFault(trouble)) return cell.happens(trouble);
      cell.damages(FAULTS[trouble]);
      return FAULTS[trouble];
    };
    cell.hold(await cell.toTheEnd(), expected);
    expect(met, 'the trouble was met').to.equal(true);
    expect(cell.device.bytesFlipped, 'bytes that were flipped in flash').to.equal(isInFlash(inPage) ? 1 : 0);
    const page = await playRow({ ...kind.device, image: IMAGE }, row, inPage);
    if (other === null) holdAsPage(cell, page.cell, trouble === 'host started again');
  });
}

function crossLull(kind: Kind, lull: Lull, name: Meanwhile): void {
  const trouble = OF_HOST.find((each) => IN_PAGE[each] === name) ?? null;
  if (name === 'offline for a minute') return;
  const expected = lull.but[name] ?? lull.usually;
  it(`waiting since ${lull.first.words}, ${trouble ?? name}: ${expected}`, async () => {
    const cell = new JobCell(kind.device);
    const lead = leading(cell, lull.first);
    let met = false;
    let theirs: Fault | null = null;
    cell.device.fault = ({ route }) => {
      const fault = theirs;
      theirs = null;
      return fault ?? (lead.isLed() ? null : lead.fault(route));
    };
    cell.onState = (state) => {
      if (met || !lead.isLed() || !lull.isReached(state)) return;
      met = true;
      theirs = faultMeanwhile(name);
      if (name === 'restart') cell.device.restart();
      else if (theirs !== null) void cell.device.handle(new Request('http://device/elsewhere'));
      else if (trouble !== null) cell.happens(trouble);
    };
    cell.hold(await cell.toTheEnd(), expected);
    expect(met, 'the trouble was met').to.equal(true);
    const page = await playLull({ ...kind.device, image: IMAGE }, lull, name);
    holdAsPage(cell, page.cell, trouble === 'host started again');
  });
}

/** What goes wrong first, and whether it has. */
function leading(
  cell: JobCell,
  first: First | undefined,
): { isLed: () => boolean; fault: (route: string) => Fault | null } {
  let [isLed, firsts] = [first === undefined, 0];
  return {
    isLed: () => isLed,
    fault: (route) => {
      if (route !== first?.route) return null;
      firsts += 1;
      if (firsts !== first.nth) return null;
      isLed = true;
      if (first.also === 'paused') cell.pauses();
      return first.fault;
    },
  };
}

/** Not only does it end the same: nothing was begun more often. */
function holdAsPage(job: JobCell, { world }: Cell, isStartedAgain: boolean): void {
  expect(writtenAnew(job), 'sessions that were written to, as by the page').to.equal(writtenAnew(world));
  expect(job.device.restarts, 'restarts of the device, as by the page').to.equal(world.device.restarts);
  expect(job.starts, 'starts of the engine').to.equal(isStartedAgain ? 2 : 1);
}

/** How often an update was written from its first byte. */
function writtenAnew({ device }: Pick<JobCell, 'device'>): number {
  return device.writeLog.filter(({ offset }) => offset === 0).length;
}
