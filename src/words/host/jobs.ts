/** What is said where the host does not do what it was asked about a job. */
import type { RolloutStanding } from '../../model/jobs/host-rollout.ts';
import type { JobRefusal } from '../../model/jobs/job-refusals.ts';
import type { JobStandingKind } from '../../model/jobs/job.ts';
import type { SystemReason } from '../../model/host/data-trouble.ts';
import { counted } from '../kit/locale.ts';
import { bytesInWords } from '../kit/quantities.ts';
import { reasonInWords } from './data-folder.ts';

const STANDING: Readonly<Record<JobStandingKind, string>> = {
  'waiting-for-token': 'The update is waiting for the device’s token.',
  queued: 'The update is waiting for its turn.',
  running: 'The update is running.',
  paused: 'The update is paused.',
  'offers-to-go-on': 'The update stopped when the host did, and can be continued.',
  ended: 'The update has ended.',
};

const ROLLOUT_STANDING: Readonly<Record<RolloutStanding, string>> = {
  'waiting-for-token': 'The rollout is waiting for the devices’ tokens.',
  running: 'The rollout is running.',
  paused: 'The rollout is paused.',
  'offers-to-go-on': 'The rollout stopped when the host did, and can be continued.',
  ended: 'The rollout has ended.',
};

export function jobRefusalWords(refusal: JobRefusal): string {
  switch (refusal.kind) {
    case 'not-our-page':
      return 'This is for the page of this host only.';
    case 'not-paired':
      return 'This browser is not paired with the host. Scan the code in the host’s terminal.';
    case 'bad-request':
      return `The host cannot read the request: ${refusal.what} is not as it should be. Reload the page: it may be from another version.`;
    case 'no-such-job':
      return 'The host has no such update. It may have been removed.';
    case 'no-such-firmware':
      return 'The host does not have this firmware. Send it to the host first.';
    case 'hash-mismatch':
      return 'The firmware arrived damaged, and the host has not kept it. Send it again.';
    case 'too-large':
      return `The file is larger than ${bytesInWords(refusal.most)}, the most that the host reads.`;
    case 'too-slow':
      return 'The firmware stopped arriving at the host. Come closer to the router, and send it again.';
    case 'disk-full':
      return 'The host has no room for this update: its disk is full, or other updates need what is set aside for firmware. Free some room on the host, or end one of them.';
    case 'cannot-keep':
      return 'The host cannot write to its data folder, so it runs no updates. Its log says why. The page can run this one itself.';
    case 'too-many-jobs':
      return `The host has ${counted(refusal.most, 'update that has', 'updates that have')} not ended, and takes no more. Wait until one has.`;
    case 'too-many-streams':
      return 'Too many pages follow updates on this host. Close some of them.';
    case 'too-many-uploads':
      return 'The host is receiving other files. Try again in a moment.';
    case 'device-busy':
      return busyText(refusal.by);
    case 'not-now':
      return `${STANDING[refusal.standing]} So the host cannot do this now.`;
    case 'no-such-rollout':
      return 'The host has no such rollout. It may have been removed.';
    case 'too-many-rollouts':
      return `The host has ${counted(refusal.most, 'rollout that has', 'rollouts that have')} not ended, and takes no more. Wait until one has.`;
    case 'too-many-devices':
      return `A rollout on the host has at most ${counted(refusal.most, 'device', 'devices')}. Choose fewer, and start another one for the rest.`;
    case 'no-micropython':
      return 'The file shows no sign of MicroPython, so a device would not run ViperHTTP after it. The host sends it only if somebody has agreed to that.';
    case 'rollout-not-now':
      return `${ROLLOUT_STANDING[refusal.standing]} So the host cannot do this now.`;
    case 'no-such-offer':
      return 'This assignment does not wait to be installed any more.';
    case 'not-written':
      return 'The host cannot write to its data folder, so nothing has changed. Its log says why.';
    case 'not-reached':
      return refusal.device === undefined ? NOT_REACHED[refusal.why] : `${refusal.device}: ${NOT_REACHED[refusal.why]}`;
  }
}

/** `by`: as `Job.by`. */
export function busyText(by: string): string {
  return `This device is already being updated, for ${by}. Wait until that update has ended.`;
}

const NOT_REACHED: Readonly<Record<Extract<JobRefusal, { kind: 'not-reached' }>['why'], string>> = {
  'bad-address': 'The host cannot update a device at this address.',
  'bad-port':
    'Browsers never connect to that port, and neither does the host: it is reserved for another protocol. Let the device use another port, such as 8080.',
  'no-such-name': 'The host finds no device of that name on its network. The page may reach it by itself.',
  'not-private': 'The host reaches devices on private networks only.',
  'not-on-link':
    'For you, the host reaches only devices on your own network: neither its own machine nor its other networks.',
};

/** Said on a terminal and in the log, where another host has the folder. */
export const JOBS_ELSEWHERE =
  'Another Moult host uses this data folder, so this one runs no updates by itself. Stop the other one, or name another folder with --data DIR.';

/** What a job of the command line names as its maker. */
export const THIS_MACHINE = 'this machine';

/** What a job that a command runs in a terminal names as its maker. */
export const PUSH_HERE = '“moult push” on this machine';

const PUSH_ENDED = 'The command that ran this update has ended. Push again to continue.';

export const HOST_GONE =
  'The host does not answer, or no longer has this update. If the host is running, the update may continue there: run "moult jobs" on its machine.';
export const HOST_REFUSES = 'What answers there is not a Moult host that runs updates.';

export const NO_JOBS = 'This machine’s host has no updates.';

/** Said once, where a list of devices is handed to the host. */
export function handedOverText(devices: number): string {
  return `The host has the rollout to ${counted(devices, 'device', 'devices')}. It continues when this command ends; Ctrl+C cancels it.`;
}

/** What a line of `moult jobs` says of a rollout. */
export interface RolloutOnLine {
  readonly firmware: string;
  readonly standing: RolloutStanding;
  /** "35 succeeded, 2 failed" */
  readonly counts: string;
}

/** "Rollout of kitchen.bin. The rollout is running. 35 succeeded, 2 failed, 8 running, 55 waiting." */
export function rolloutOnLine({ firmware, standing, counts }: RolloutOnLine): string {
  return `Rollout of ${firmware}. ${ROLLOUT_STANDING[standing]} ${counts}.`;
}

/** What a line of `moult jobs` says of an update. */
export interface JobOnLine {
  readonly by: string;
  readonly device: string;
  readonly firmware: string;
  readonly standing: JobStandingKind;
  /** Of the engine's last word, as the page has it; null before the first. */
  readonly words: { readonly title: string; readonly detail: string } | null;
  /** What the device has of the file, in [0, 1]; null: it says nothing any more. */
  readonly share: number | null;
}

/** "Kitchen (http://192.168.1.50:8080): kitchen.bin. The update is running. Writing, 42 %." */
export function jobLine({ by, device, firmware, standing, words, share }: JobOnLine): string {
  const so = [`${device}: ${firmware}.`];
  if (by === PUSH_HERE && standing === 'offers-to-go-on') so.push(PUSH_ENDED);
  else if (standing !== 'ended' || words === null) so.push(STANDING[standing]);
  if (words !== null) so.push(`${words.title}${share === null ? '' : `, ${Math.floor(share * 100)} %`}.`);
  if (standing === 'ended' && words !== null) so.push(words.detail);
  return so.join(' ').trim();
}

/** In the place of a part of it: all of it. */
export const THE_REQUEST = 'the request';

export const NOTICE_NOT_TAKEN = 'The notice of an ended update was not accepted';

export function noJobsText(folder: string, reason: SystemReason): string {
  return `The host runs no updates by itself, because ${folder} cannot be used: ${reasonInWords(reason)}.`;
}

export function jobsNotWrittenText(reason: SystemReason): string {
  return `The host’s updates cannot be recorded: ${reasonInWords(reason)}.`;
}

export function firmwareNotKeptText(folder: string, reason: SystemReason): string {
  return `Firmware cannot be kept in ${folder}: ${reasonInWords(reason)}.`;
}

export function ownUpdatesNotWrittenText(folder: string, reason: SystemReason): string {
  return `This update is not recorded, because ${folder} cannot be used: ${reasonInWords(reason)}.`;
}

/** `file`: with the key of the secrets that the host keeps for its updates. */
export function secretsKeyOpenText(file: string): string {
  return `Others on this machine could read ${file}, which holds the key of the tokens kept for the host’s updates. There is a new key now, and those tokens have to be typed again. If somebody may have read the old one, give the devices new tokens.`;
}

export function notRemovedText(file: string, reason: SystemReason): string {
  return `${file} cannot be removed: ${reasonInWords(reason)}.`;
}

/** What each of the host's metrics is, in the words of `/metrics`. */
export const METRICS = {
  jobs: 'Updates that the host has, by state.',
  rollouts: 'Rollouts that the host has, by state.',
  streams: 'Pages that follow updates.',
  firmwareFiles: 'Firmware files that the host keeps.',
  firmwareBytes: 'Bytes of the firmware files that the host keeps.',
  memory: 'Memory of the host, in bytes.',
  processor: 'Processor time that the host has taken, in seconds.',
  startTime: 'When the host started, in seconds since 1970.',
} as const;
