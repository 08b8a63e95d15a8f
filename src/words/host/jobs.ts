/** What is said where the host does not do what it was asked about a job. */
import type { JobRefusal } from '../../model/jobs/job-refusals.ts';
import type { JobStandingKind } from '../../model/jobs/job.ts';
import { counted } from '../kit/locale.ts';

const BYTES_IN_MIB = 1024 * 1024;

const STANDING: Readonly<Record<JobStandingKind, string>> = {
  'waiting-for-token': 'The update waits for the device’s token.',
  queued: 'The update waits for its turn.',
  running: 'The update runs.',
  paused: 'The update is paused.',
  'offers-to-go-on': 'The update stopped when the host did, and waits to go on.',
  ended: 'The update has ended.',
};

export function jobRefusalWords(refusal: JobRefusal): string {
  switch (refusal.kind) {
    case 'not-our-page':
      return 'This is for the page of this host only.';
    case 'not-paired':
      return 'This browser is not paired with the host. Scan the code in the host’s terminal.';
    case 'bad-request':
      return `The host cannot read the request: ${refusal.what} is not as it should be. Reload the page, which may be of another version.`;
    case 'no-such-job':
      return 'The host knows no such update. It may have been put away.';
    case 'no-such-firmware':
      return 'The host does not have this firmware. Send it to the host first.';
    case 'hash-mismatch':
      return 'The firmware arrived damaged, and the host has not kept it. Send it again.';
    case 'too-large':
      return `The file is larger than ${refusal.most / BYTES_IN_MIB} MiB, which is the most that is read.`;
    case 'too-slow':
      return 'The firmware stopped arriving at the host. Come closer to the router, and send it again.';
    case 'disk-full':
      return 'The host has no room for this firmware: its disk is full, or other updates need what is there. Free some room on the host, or end one of them.';
    case 'cannot-keep':
      return 'The host cannot write to its data folder, so it runs no updates. Its log says why. The page can run this one itself.';
    case 'too-many-jobs':
      return `The host has ${counted(refusal.most, 'update', 'updates')} that have not ended, and takes no more. Wait until some have.`;
    case 'too-many-streams':
      return 'Too many pages follow updates on this host. Close some of them.';
    case 'too-many-uploads':
      return 'The host is receiving other files. Try again in a moment.';
    case 'device-busy':
      return `The host is updating this device already, for ${refusal.by}. Wait until that has ended.`;
    case 'not-now':
      return `${STANDING[refusal.standing]} So the host cannot do this now.`;
    case 'not-reached':
      return NOT_REACHED[refusal.why];
  }
}

const NOT_REACHED: Readonly<Record<Extract<JobRefusal, { kind: 'not-reached' }>['why'], string>> = {
  'bad-address': 'This is no address that the host could update a device at.',
  'bad-port':
    'Browsers send no request to that port, and neither does the host: another protocol is at home there. Let the device listen at another port, such as 8080.',
  'no-such-name': 'The host finds no device of that name on its network. The page may reach it by itself.',
  'not-private': 'The host reaches devices on private networks only.',
  'not-on-link':
    'The host reaches for you only what is on your own network: neither its own machine, nor another network of it.',
};

/** Said on a terminal and in the log, where another host has the folder. */
export const JOBS_ELSEWHERE =
  'Another Moult host uses this data folder, so this one runs no updates by itself. Stop the other one, or name another folder with --data DIR.';

/** What a job of the command line says of who made it. */
export const THIS_MACHINE = 'this machine';
