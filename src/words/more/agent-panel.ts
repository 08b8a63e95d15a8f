/** What is said of the rollout server's agent in the page's host. */
import type { AgentConnection, AgentTarget, AgentView, AssignmentStanding } from '../../model/agent/agent-view.ts';
import type { JobTrouble } from '../../model/page/job-calls.ts';
import { shownName } from '../../model/device/plain-names.ts';
import { serverTroubleText } from '../agent/server-trouble.ts';
import { dayInWords, momentInWords } from '../device/moments.ts';
import { jobRefusalWords } from '../host/jobs.ts';
import { counted } from '../kit/locale.ts';
import { bytesInWords } from '../kit/quantities.ts';

export const ROLLOUT_SERVER = 'Rollout server';
export const PAUSE_AGENT = 'Pause the agent';
export const INSTALL_OFFER = 'Install';
export const PAUSE_MEANS = 'A paused agent starts no update. Running updates finish.';

/** `now` here and below: milliseconds since 1970. */
export function connectionText(
  { server, tenant, connection }: Pick<AgentView, 'server' | 'tenant' | 'connection'>,
  now: number,
): string {
  const since = sinceText(connection, now);
  switch (connection.kind) {
    case 'not-heard':
      return `The agent of this host has not heard from ${server} yet, tenant ${tenant}.`;
    case 'connected':
      return `The agent of this host is connected to ${server}, tenant ${tenant}${since}.`;
    case 'trouble':
      return `The agent of this host is not connected${since}. ${serverTroubleText({ server, ...connection })}`;
  }
}

function sinceText(connection: AgentConnection, now: number): string {
  return connection.kind === 'not-heard' ? '' : `, since ${dayInWords(connection.since, now)}`;
}

export function pausedText(pausedAt: number, now: number): string {
  return `Paused since ${dayInWords(pausedAt, now)}. It starts no update; running updates finish.`;
}

/** Of an answer that did not come. */
export function agentTroubleText(why: JobTrouble): string {
  return why.kind === 'no-answer' ? 'The host does not answer. This is what it last reported.' : jobRefusalWords(why);
}

/** Of an order that was not carried out. */
export function agentRefusedText(why: JobTrouble): string {
  return why.kind === 'no-answer' ? 'The host does not answer, so nothing was changed.' : jobRefusalWords(why);
}

const STANDINGS: Readonly<Record<AssignmentStanding, string>> = {
  fetching: 'Its file is being fetched',
  offer: 'Can be installed',
  waiting: 'Waits',
  running: 'Updating',
  'looked-for': 'Has the image; waiting for it to answer',
  taken: 'Accepted by the device',
  'ended-there': 'Ended by the server; the update finishes',
};

/** "Updating, 43 %: kitchen.bin, 2.1.0, 1.1 MB" */
export function assignedText({ assignment, isSeen, lastSeen }: AgentTarget, now: number): string {
  if (assignment !== null) {
    const { standing, progress, file } = assignment;
    const total = progress?.total ?? 0;
    const share = progress === null || total === 0 ? '' : `, ${Math.floor((progress.acknowledged / total) * 100)} %`;
    return `${STANDINGS[standing]}${share}${file === null ? '' : `: ${fileText(file)}`}`;
  }
  if (isSeen === null) return 'Not checked yet';
  if (isSeen) return 'Nothing assigned';
  return lastSeen === null ? 'Does not answer' : `Does not answer; last seen ${momentInWords(lastSeen, now)}`;
}

function fileText({ name, size, version }: NonNullable<NonNullable<AgentTarget['assignment']>['file']>): string {
  return [shownName(name), ...(version === null ? [] : [version]), bytesInWords(size)].join(', ');
}

/** "Reported 14:05 today: Waits for the maintenance window. 2 reports not sent yet." Null: there is nothing. */
export function reportedText({ told, unsent }: Pick<AgentTarget, 'told' | 'unsent'>, now: number): string | null {
  const last = told === null ? [] : [`Reported ${momentInWords(told.at, now)}: ${told.lines.join(' ')}`];
  const waiting = unsent === 0 ? [] : [`${counted(unsent, 'report', 'reports')} not sent yet.`];
  const all = [...last, ...waiting];
  return all.length === 0 ? null : all.join(' ');
}

/** Said aloud, where the button itself only says "Install". */
export function installLabel({ name, assignment }: Pick<AgentTarget, 'name' | 'assignment'>): string {
  const file = assignment?.file ?? null;
  return file === null ? `Install on ${name}` : `Install ${shownName(file.name)} on ${name}`;
}

export function moreTargetsText(more: number): string {
  return `And ${counted(more, 'more device', 'more devices')}.`;
}
