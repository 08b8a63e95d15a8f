/** What a rollout server's people read of an action: one or a few short lines, each a sentence. */
import type { AgentTold, AgentWait, NotCancelled } from '../../model/agent/feedback.ts';
import type { ActiveState } from '../../model/update/update-state.ts';
import { findingInWords } from '../firmware/findings.ts';
import { bytesInWords } from '../kit/quantities.ts';
import { counted } from '../kit/locale.ts';
import { describeAny } from '../update/describe-any.ts';

const WAITS: Readonly<Record<AgentWait, string>> = {
  download: 'Waits: the file is not to be downloaded yet.',
  window: 'Waits for the maintenance window.',
  hours: 'Waits for the hours in which updates may begin here.',
  turn: 'Waits for its turn: as many devices are being updated as may be at once.',
  person: 'Waits for a person on site, who installs it on the page of the host.',
  paused: 'Waits: a person on site has paused the agent.',
};

const NOT_CANCELLED: Readonly<Record<NotCancelled, string>> = {
  'too-late': 'Not cancelled: the device has the whole image, or takes it in one piece just now.',
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
  'several-images': 'There is more than one app image, and which one to send is not said. No device was touched.',
  encrypted: 'The files are encrypted, and cannot be read here. No device was touched.',
  'no-hash': 'The server tells no SHA-256 of the file, or nowhere to fetch it. No device was touched.',
  'file-too-large': 'The file is larger than any device could take. No device was touched.',
  damaged: 'The downloaded file has another SHA-256 than the server says, twice. No device was touched.',
  'no-room': 'There is no room for the file on the host. It is tried again.',
} as const;

/** Its lines. */
export function toldInWords(told: AgentTold): readonly string[] {
  switch (told.kind) {
    case 'fetched':
      return [`Downloaded and checked: ${told.filename}, ${bytesInWords(told.size)}.`];
    case 'waits':
      return [WAITS[told.why]];
    case 'runs':
      return [PHASES[told.phase]];
    case 'resumed':
      return ['The agent was started anew, and has looked at the device. The update goes on from there.'];
    case 'held':
      return [`The device is being updated already, for ${told.by}.`];
    case 'not-seen':
      return ['The device does not answer. It is tried again.'];
    case 'outcome':
      return outcomeLines(told);
    case 'tries-again':
      return [...outcomeLines(told), 'It is tried again.'];
    case 'given-up':
      return told.hours === 0
        ? ['The device was not seen again. It may still have been updated.']
        : [`Given up: the device could not be updated in ${counted(told.hours, 'hour', 'hours')}.`];
    case 'already-installed':
      return ['Already installed: the device runs this very image.'];
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
  const { title, detail } = describeAny(outcome, { device, version });
  return detail === '' ? [`${title}.`] : [`${title}.`, detail];
}
