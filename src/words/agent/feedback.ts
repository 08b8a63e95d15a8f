/** What a rollout server's people read of an action: one or a few short lines, each a sentence. */
import type { AgentTold, AgentWait, NotCancelled } from '../../model/agent/feedback.ts';
import type { ActiveState } from '../../model/update/update-state.ts';
import { findingInWords } from '../firmware/findings.ts';
import { bytesInWords } from '../kit/quantities.ts';
import { counted } from '../kit/locale.ts';
import { describeElsewhere } from '../update/describe-elsewhere.ts';

const WAITS: Readonly<Record<AgentWait, string>> = {
  download: 'Waiting: the file may not be downloaded yet.',
  window: 'Waiting for the maintenance window.',
  hours: 'Waiting for the hours in which updates may start here.',
  turn: 'Waiting for its turn: no more devices may be updated at once.',
  person: 'Waiting for a person on site to install it on the page of the host.',
  paused: 'Waiting: a person on site has paused the agent.',
};

const NOT_CANCELLED: Readonly<Record<NotCancelled, string>> = {
  'too-late': 'Not cancelled: the device has the whole image, or is taking it in one piece.',
  half: 'Not cancelled: it would leave half an update on the device.',
  'not-proven': 'Not cancelled: the device did not say that it is idle again. The update goes on.',
  ended: 'Not cancelled: the update had ended.',
};

const PHASES: Readonly<Record<ActiveState['phase'], string>> = {
  detecting: 'Connecting to the device.',
  checking: 'Checking the device.',
  beginning: 'Starting.',
  writing: 'Writing.',
  finalizing: 'Verifying on the device.',
  confirming: 'Making sure that the new firmware runs.',
  waiting: 'Waiting for the device.',
  retrying: 'Trying again.',
  restarting: 'Waiting for the device to restart.',
};

const PROBLEMS = {
  'no-image': 'None of the files is an app image (.bin). No device was touched.',
  'several-images': 'There is more than one app image, and nothing says which one to send. No device was touched.',
  encrypted: 'The files are encrypted and cannot be read here. No device was touched.',
  'no-hash': 'The server names no SHA-256 of the file, or no address to download it from. No device was touched.',
  'file-too-large': 'The file is larger than any device could take. No device was touched.',
  damaged:
    'The file was downloaded twice, and its SHA-256 was never the one that the server names. No device was touched.',
  'no-room': 'There is no room for the file on the host. The agent tries again.',
} as const;

/** The lines of one report. */
export function toldInWords(told: AgentTold): readonly string[] {
  switch (told.kind) {
    case 'fetched':
      return [`Downloaded and checked: ${told.filename}, ${bytesInWords(told.size)}.`];
    case 'waits':
      return [WAITS[told.why]];
    case 'runs':
      return [PHASES[told.phase]];
    case 'resumed':
      return ['The agent was restarted and has asked the device. The update continues from there.'];
    case 'held':
      return [`The device is already being updated, for ${told.by}.`];
    case 'not-seen':
      return ['The device does not answer. The agent tries again.'];
    case 'outcome':
      return outcomeLines(told);
    case 'tries-again':
      return [...outcomeLines(told), 'The agent tries again.'];
    case 'given-up':
      return told.hours === 0
        ? ['The device was not seen again. It may still have been updated.']
        : [`Given up: the device could not be updated within ${counted(told.hours, 'hour', 'hours')}.`];
    case 'already-installed':
      return ['Already installed: the device runs exactly this image.'];
    case 'does-not-fit':
      return [findingInWords(told.finding), 'Nothing was sent to the device.'];
    case 'cancelled':
      return told.begun ? ['Cancelled.'] : ['Cancelled before anything was sent to the device.'];
    case 'not-cancelled':
      return [NOT_CANCELLED[told.why]];
    case 'confirmed':
      return ['Confirmed by the agent, as its settings say.'];
    case 'no-image':
    case 'several-images':
    case 'encrypted':
    case 'no-hash':
    case 'file-too-large':
    case 'damaged':
    case 'no-room':
      return [PROBLEMS[told.kind]];
  }
}

function outcomeLines({
  device,
  version,
  outcome,
}: Pick<Extract<AgentTold, { kind: 'outcome' }>, 'device' | 'version' | 'outcome'>): readonly string[] {
  const { title, detail } = describeElsewhere(outcome, { device, version });
  return detail === '' ? [`${title}.`] : [`${title}.`, detail];
}
