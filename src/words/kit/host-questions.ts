/** What is asked on the page that a host serves, and never on the one that a board does. */
import type { Question, RolloutDoubt } from '../../model/update/question.ts';
import { onlyUpdatesText } from '../firmware/only-updates.ts';
import { counted, listOf, plural } from './locale.ts';

export interface QuestionWords {
  readonly title: string;
  readonly text: string;
  /** The same verb as on the button that led here. */
  readonly verb: string;
  readonly dangerous: boolean;
  /** What has to be typed before the verb may be pressed. */
  readonly typed: string | null;
}

export type HostQuestion = Extract<
  Question,
  {
    readonly kind: 'forget-tokens' | 'clear-history' | 'discard-token' | 'follow-update' | 'follow-rollout' | 'rollout';
  }
>;

export function describeHostQuestion(question: HostQuestion): QuestionWords {
  switch (question.kind) {
    case 'forget-tokens':
      return {
        title: 'Forget the locked tokens?',
        text: 'This removes every token under the passphrase from this browser, and the lock with them. The devices don’t change: type their tokens again, from their programs.',
        verb: 'Forget',
        dangerous: true,
        typed: null,
      };
    case 'clear-history':
      return {
        title: 'Clear the history?',
        text: 'This removes the history of every device from this browser. To keep it, save it as a file first.',
        verb: 'Clear',
        dangerous: true,
        typed: null,
      };
    case 'discard-token':
      return {
        title: 'Discard the new token?',
        text: 'It isn’t saved. If its lines are already on the device, the device takes updates only with this token: save it first.',
        verb: 'Discard',
        dangerous: true,
        typed: null,
      };
    case 'follow-update':
      return {
        title: `Follow the update of ${question.name}?`,
        text: `The link leads to an update of the device at ${question.address}, which the host runs. ${
          question.isSaved ? '' : 'If you follow it, the device is saved in this browser, without its token. '
        }Whoever has the link can follow, pause and cancel the update.`,
        verb: 'Follow',
        dangerous: false,
        typed: null,
      };
    case 'follow-rollout': {
      const { devices, firmware, fresh } = question;
      const saved =
        fresh === 0
          ? ''
          : `If you follow it, ${counted(fresh, 'new device is', 'new devices are')} saved in this browser, without tokens. `;
      return {
        title: `Follow the rollout of ${firmware}?`,
        text: `The link leads to a rollout to ${counted(devices, 'device', 'devices')}, which the host runs. ${saved}Whoever has the link can follow, pause and stop the rollout.`,
        verb: 'Follow',
        dangerous: false,
        typed: null,
      };
    }
    case 'rollout':
      return {
        title: `Send ${question.firmware} to ${counted(question.devices, 'device', 'devices')}?`,
        text: doubtText(question.doubt),
        verb: 'Send',
        dangerous: true,
        typed: null,
      };
  }
}

function doubtText(doubt: RolloutDoubt): string {
  switch (doubt.kind) {
    case 'no-micropython':
      return noMicroPythonText(doubt);
    case 'only-update':
      return onlyUpdatesText(doubt.names);
  }
}

function noMicroPythonText({ names, product }: Extract<RolloutDoubt, { kind: 'no-micropython' }>): string {
  const [run, need] = [plural(names.length, 'runs', 'run'), plural(names.length, 'needs', 'need')];
  const then = `${listOf(names)} no longer ${run} ViperHTTP afterwards and ${need} a cable.`;
  return product === null
    ? `The file shows no sign of MicroPython. If it has none, ${then} A build with frozen code may lack the sign and still have it.`
    : `The file is ${product}, not MicroPython. ${then}`;
}
