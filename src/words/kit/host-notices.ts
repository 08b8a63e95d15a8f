/** What is said on the page that a host serves, and never on the one that a board does. */
import type { Notice } from '../../model/page/notice.ts';

export interface NoticeWords {
  readonly text: string;
  /** What its button does, where it has one besides "Close". */
  readonly verb?: string;
  /** The button is there but waits; the text says what for. */
  readonly waits?: boolean;
}

export type HostNotice = Extract<
  Notice,
  {
    readonly kind:
      | 'not-secure'
      | 'pairing'
      | 'new-version'
      | 'can-install'
      | 'handed-over'
      | 'shared'
      | 'shared-lost'
      | 'simulator-away'
      | 'rollout-left'
      | 'new-build'
      | 'history-trouble'
      | 'host-job';
  }
>;

export function describeHostNotice(notice: HostNotice): NoticeWords {
  switch (notice.kind) {
    case 'not-secure':
      return {
        text: 'This page isn’t encrypted: tokens are forgotten when you close it, and it can’t be installed. Updates still work.',
        ...(notice.trust ? { verb: 'How to trust this host' } : {}),
      };
    case 'pairing':
      return { text: PAIRING[notice.is] };
    case 'new-version':
      return newVersionWords(notice.held);
    case 'can-install':
      return { text: 'Moult can be installed. It then opens like an app, even without internet.', verb: 'Install' };
    case 'handed-over':
      return { text: `Another app shared ${notice.names.join(', ')}. Check it before you send it to a device.` };
    case 'shared':
      return { text: `Another app or a web page shared ${notice.name}. It is shown under “Firmware”, and not kept.` };
    case 'shared-lost':
      return { text: `${SHARED_LOST[notice.why]} Choose the file under “Firmware”.` };
    case 'simulator-away':
      return {
        text: 'The simulated devices are loaded over the network once, and there is no connection now. Reload this page when there is.',
      };
    case 'rollout-left':
      return {
        text: 'A rollout from an earlier visit hasn’t finished. It continues only if you say so.',
        verb: 'Open',
      };
    case 'new-build':
      return {
        text: `${notice.name} was rebuilt${notice.version === null ? '' : `: ${notice.version}`}. The new build is chosen now.`,
      };
    case 'history-trouble':
      return { text: `${HISTORY_TROUBLE[notice.what]} The browser says: ${notice.why}. Updates still work.` };
    case 'host-job':
      return { text: notice.text };
  }
}

const PAIRING = {
  needed:
    'This browser is not paired with the host, which reaches devices only for paired ones. Scan the code in its terminal, or the one under “More” in a paired browser.',
  paired: 'Paired: the host now reaches devices for this browser.',
  locked: 'Not paired: the tokens are locked, and this browser’s key is kept with them. Unlock them and scan again.',
  'wrong-code': 'Not paired: the code is wrong, already used or expired. The terminal shows a new one.',
  'too-often': 'Not paired: too many codes were tried from here. Wait a minute and scan again.',
  full: 'Not paired: no more browsers can be paired. Revoke one on the host’s own page, under “More”.',
  'not-kept': 'Not paired: the host could not store it. Its terminal says why.',
  'no-answer': 'Not paired: the host doesn’t answer. Scan the code again.',
} as const;

const SHARED_LOST = {
  several: 'Several files were shared, and none was accepted.',
  'too-large': 'A file larger than 16 MB was shared, and not accepted.',
  lost: 'No shared file arrived; this browser may have no room left for this page.',
} as const;

function newVersionWords(held: Extract<Notice, { kind: 'new-version' }>['held']): NoticeWords {
  switch (held) {
    case null:
      return { text: 'A new version of Moult is ready. Reload to use it.', verb: 'Reload' };
    case 'this-tab':
      return { text: 'A new version of Moult is ready. It waits until the updates end.', verb: 'Reload', waits: true };
    case 'other-tab':
      return {
        text: 'A new version of Moult is ready, but another tab is updating a device. Reload after that.',
        verb: 'Reload',
      };
  }
}

const HISTORY_TROUBLE = {
  keep: 'The last update could not be added to the history.',
  read: 'The history could not be read.',
  clear: 'The history could not be cleared.',
  remove: 'The line could not be removed from the history.',
} as const;
