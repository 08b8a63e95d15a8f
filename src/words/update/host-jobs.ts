/** What is said of updates that the host runs, beside what is said of every update. */
import type { JobTrouble } from '../../model/page/job-calls.ts';
import { jobRefusalWords } from '../host/jobs.ts';
import { counted } from '../kit/locale.ts';

function reason(why: JobTrouble): string {
  return why.kind === 'no-answer' ? 'The host does not answer.' : jobRefusalWords(why);
}

/** @param why null: it has tried, and the device did not answer it */
export function runsHereText(device: string, why: JobTrouble | null): string {
  const because = why === null ? 'The host can’t reach it.' : reason(why);
  return `This page updates ${device} by itself, so keep it open. ${because}`;
}

/** @param device null: it is not known here */
export function notDoneText(device: string | null, why: JobTrouble): string {
  return device === null ? reason(why) : `${device}: ${reason(why)}`;
}

export function lostText(device: string): string {
  return `The host stopped answering, so nobody knows whether it is updating ${device}. This page keeps asking.`;
}

export function goneText(device: string): string {
  return `The host no longer has the update of ${device}. Check the device to see what it runs.`;
}

export function tokenMissingText(device: string): string {
  return `The host was restarted and needs the token of ${device}, which is not kept here. Type it under “Edit”, then press again.`;
}

/** @param why that the host said no, or that it would not reach one of the devices */
export function rolloutHereText(
  why: JobTrouble | { readonly kind: 'one-not-reached'; readonly device: string },
): string {
  const because =
    why.kind === 'one-not-reached' ? `The host can’t reach ${why.device}, or couldn’t earlier today.` : reason(why);
  return `This page runs the rollout by itself, so keep it open. ${because}`;
}

/** @param why `under-way`: this page shows another one, which has not ended */
export function rolloutNotDoneText(why: JobTrouble | { readonly kind: 'under-way' }): string {
  return why.kind === 'under-way'
    ? 'This page shows another rollout. Let that end, then open the link again.'
    : reason(why);
}

export function rolloutLostText(): string {
  return 'The host stopped answering, so nobody knows whether it is running the rollout. This page keeps asking.';
}

export function rolloutGoneText(): string {
  return 'The host no longer has the rollout. Check the devices to see what they run.';
}

export function rolloutTokensMissingText(): string {
  return 'The host was restarted and needs the devices’ tokens, which are not kept here. Open the rollout in the browser that keeps them, and press again there.';
}

export function rolloutFollowedText(devices: number): string {
  return `This page follows the rollout to ${counted(devices, 'device', 'devices')} now.`;
}

export function followedText(device: string): string {
  return `This page follows the update of ${device} now.`;
}
