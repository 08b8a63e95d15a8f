/** What only the person can decide, in words that name the device. */
import type { Question } from '../../model/update/question.ts';
import { findingInWords } from '../firmware/findings.ts';
import { REMOVE, SEND_ANYWAY, TAKE_OVER } from './buttons.ts';
import { describeHostQuestion, type QuestionWords } from './host-questions.ts';
import { bytesInWords } from './quantities.ts';

export function typeToGoOn(word: string): string {
  return `Type ${word} to continue`;
}

export function describeQuestion(question: Question): QuestionWords {
  switch (question.kind) {
    case 'remove-device':
      return {
        title: `Remove ${question.device.name}?`,
        text: 'This removes its address and token from this browser. The device itself doesn’t change.',
        verb: REMOVE,
        dangerous: true,
        typed: null,
      };
    case 'remove-firmware':
      return {
        title: `Remove ${question.name}?`,
        text: 'This removes the file from this browser. Devices that run it don’t change.',
        verb: REMOVE,
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
        text: `Another update is in progress on it.${how} Taking over discards that update; if it’s someone else’s, theirs fails.`,
        verb: TAKE_OVER,
        dangerous: true,
        typed: null,
      };
    }
    case 'send-dropped':
      return {
        title: `Send ${question.firmware} to ${question.device.name}?`,
        text: 'You dropped the file on this device. It stays chosen either way.',
        verb: 'Send',
        dangerous: false,
        typed: null,
      };
    case 'forget-tokens':
    case 'clear-history':
    case 'discard-token':
    case 'follow-update':
    case 'follow-rollout':
    case 'rollout':
      return describeHostQuestion(question);
    case 'overrule':
      return {
        title: `Send ${question.firmware} to ${question.device.name} anyway?`,
        text:
          question.finding.reason === 'no-micropython'
            ? 'The file shows no sign of MicroPython. If it has none, the device no longer runs ViperHTTP afterwards and needs a cable. A build with frozen code may lack the sign and still have it.'
            : `${findingInWords(question.finding)} If it doesn’t fit, the device may not start.`,
        verb: SEND_ANYWAY,
        dangerous: true,
        typed: question.device.name,
      };
  }
}
