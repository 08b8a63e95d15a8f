/** What is said of updates that the host runs, beside what is said of every update. */
import type { JobTrouble } from '../../model/page/job-calls.ts';
import { jobRefusalWords } from '../host/jobs.ts';

function reason(why: JobTrouble): string {
  return why.kind === 'no-answer' ? 'The host does not answer.' : jobRefusalWords(why);
}

/** @param why null: it has tried, and the device did not answer it */
export function runsHereText(device: string, why: JobTrouble | null): string {
  const because = why === null ? 'The host does not reach it.' : reason(why);
  return `This page updates ${device} by itself, so keep it open. ${because}`;
}

/** @param device null: it is not known here */
export function notDoneText(device: string | null, why: JobTrouble): string {
  return device === null ? reason(why) : `${device}: ${reason(why)}`;
}

export function lostText(device: string): string {
  return `The host stopped answering, so it is not known whether it updates ${device}. This page asks again, and shows it then.`;
}

export function goneText(device: string): string {
  return `The host no longer has the update of ${device}. Check the device to see what it runs.`;
}

export function tokenMissingText(device: string): string {
  return `The host was started again and needs the token of ${device}, which is not kept here. Type it under “Edit”, and press again.`;
}

export function followedText(device: string): string {
  return `This page follows the update of ${device} now.`;
}
