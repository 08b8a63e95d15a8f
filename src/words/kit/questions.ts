/** What only the person can decide, in words that name the device. */
import type { Question, RolloutDoubt } from '../../model/update/question.ts';
import { findingInWords } from '../firmware/findings.ts';
import { counted } from './locale.ts';
import { onlyUpdatesText } from '../firmware/only-updates.ts';
import { REMOVE, SEND_ANYWAY, TAKE_OVER } from './buttons.ts';
import { bytesInWords } from './quantities.ts';

export interface QuestionWords {
  readonly title: string;
  readonly text: string;
  /** The same verb as on the button that led here. */
  readonly verb: string;
  readonly dangerous: boolean;
  /** What has to be typed before the verb may be pressed. */
  readonly typed: string | null;
}

export function typeToGoOn(word: string): string {
  return `Type ${word} to go on`;
}

export function describeQuestion(question: Question): QuestionWords {
  switch (question.kind) {
    case 'remove-device':
      return {
        title: `Remove ${question.device.name}?`,
        text: 'Its address and token are forgotten here. The device itself stays as it is.',
        verb: REMOVE,
        dangerous: true,
        typed: null,
      };
    case 'remove-firmware':
      return {
        title: `Remove ${question.name}?`,
        text: 'The file is removed from this browser. Devices that run it stay as they are.',
        verb: REMOVE,
        dangerous: true,
        typed: null,
      };
    case 'forget-tokens':
      return {
        title: 'Forget the locked tokens?',
        text: 'Every token under the passphrase is removed from this browser, and the lock with them. The devices themselves stay as they are: type their tokens again, as they stand in their programs.',
        verb: 'Forget',
        dangerous: true,
        typed: null,
      };
    case 'clear-history':
      return {
        title: 'Clear the history?',
        text: 'Every line in it is removed from this browser, of every device. Save it as a file first to keep it.',
        verb: 'Clear',
        dangerous: true,
        typed: null,
      };
    case 'discard-token':
      return {
        title: 'Discard the new token?',
        text: 'It is not saved. If its lines are on the device already, the device takes updates with this token only: save it first.',
        verb: 'Discard',
        dangerous: true,
        typed: null,
      };
    case 'take-over': {
      const { writtenBytes, expectedSize } = question.session;
      const how =
        writtenBytes === null || expectedSize === null
          ? ''
          : ` ${bytesInWords(writtenBytes)} of ${bytesInWords(expectedSize)} are written.`;
      return {
        title: `Take over ${question.device.name}?`,
        text: `Another update is open on it.${how} Taking over throws that update away; if somebody is at it, theirs fails.`,
        verb: TAKE_OVER,
        dangerous: true,
        typed: null,
      };
    }
    case 'send-dropped':
      return {
        title: `Send ${question.firmware} to ${question.device.name}?`,
        text: 'You dropped the file on this device. It is chosen now in either case.',
        verb: 'Send',
        dangerous: false,
        typed: null,
      };
    case 'rollout':
      return {
        title: `Send ${question.firmware} to ${counted(question.devices, 'device', 'devices')}?`,
        text: doubtText(question.doubt),
        verb: 'Send',
        dangerous: true,
        typed: null,
      };
    case 'overrule':
      return {
        title: `Send ${question.firmware} to ${question.device.name} anyway?`,
        text:
          question.finding.reason === 'no-micropython'
            ? 'The file shows no sign of MicroPython. If it has none, the device no longer runs ViperHTTP afterwards, and only a cable reaches it. A build with frozen code may lack the sign all the same.'
            : `${findingInWords(question.finding)} If that is right, the device may not start with it.`,
        verb: SEND_ANYWAY,
        dangerous: true,
        typed: question.device.name,
      };
  }
}

function doubtText(doubt: RolloutDoubt): string {
  switch (doubt.kind) {
    case 'no-micropython':
      return 'The file shows no sign of MicroPython. If it has none, no device that takes it runs ViperHTTP afterwards, and only a cable reaches it. A build with frozen code may lack the sign all the same.';
    case 'only-update':
      return onlyUpdatesText(doubt.names);
  }
}
