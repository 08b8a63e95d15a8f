/** What a person should know about the page itself, in words. */
import { counted } from './locale.ts';
import type { Notice, WhyNotKept } from '../../model/page/notice.ts';

/** Names the list for who does not see it. */
export const NOTICES = 'Notices';

/** Of the button that shows them. */
export function noticesLabel(count: number): string {
  return counted(count, 'notice', 'notices');
}

export interface NoticeWords {
  readonly text: string;
  /** What its button does, where it has one besides "Close". */
  readonly verb?: string;
  /** The button is there but waits; the text says what for. */
  readonly waits?: boolean;
}

export function describeNotice(notice: Notice): NoticeWords {
  switch (notice.kind) {
    case 'storage-in-memory':
    case 'storage-lost':
      return { text: `${UNKEPT[notice.why]} What is new here is gone when the page is closed; updates work.` };
    case 'not-secure':
      return {
        text: 'This page is not encrypted: tokens are forgotten when it is closed, and it cannot be installed. Updates work.',
        ...(notice.trust ? { verb: 'How to trust this host' } : {}),
      };
    case 'pairing':
      return { text: PAIRING[notice.is] };
    case 'keep-screen-on':
      return { text: 'This browser cannot keep the screen on. Keep it on by hand until the update has ended.' };
    case 'new-version':
      return newVersionWords(notice.held);
    case 'can-install':
      return { text: 'Moult can be installed. It then opens like an app, also without internet.', verb: 'Install' };
    case 'handed-over':
      return { text: `Another app handed over ${notice.names.join(', ')}. Look at it before you send it to a device.` };
    case 'shared':
      return { text: `Another app or a web page handed over ${notice.name}. It is shown in “Firmware”, and not kept.` };
    case 'shared-lost':
      return { text: `${SHARED_LOST[notice.why]} Choose the file in “Firmware”.` };
    case 'library-full':
      return { text: notKeptText(notice.files) };
    case 'library-made-room':
      return { text: `The library was full. Removed to make room: ${notice.names.join(', ')}.` };
    case 'kept-files':
      return {
        text:
          `${notice.count} of ${notice.total} files kept in the library.` +
          (notice.refused.length === 0 ? '' : ` Not firmware that a device can run: ${notice.refused.join(', ')}.`),
      };
    case 'file-gone':
      return { text: `${notice.name} is no longer kept here, so nothing was sent. Choose the file again.` };
    case 'simulator-away':
      return {
        text: 'The simulated devices come over the network, once, and there is none now. Load this page again when there is.',
      };
    case 'removed':
      return { text: REMOVED[notice.what](notice.name), verb: 'Undo' };
    case 'rollout-left':
      return {
        text: 'A rollout of an earlier visit has not ended. It goes on only if you say so.',
        verb: 'Look at it',
      };
    case 'new-build':
      return {
        text: `${notice.name} was built again${notice.version === null ? '' : `: ${notice.version}`}. It is chosen now.`,
      };
    case 'tokens-locked':
      return {
        text: `Nothing was sent to ${notice.device}: its token is locked. Press again and type the passphrase.`,
      };
    case 'history-trouble':
      return { text: `${HISTORY_TROUBLE[notice.what]} The browser says: ${notice.why}. Updates work all the same.` };
    case 'host-job':
      return { text: notice.text };
    case 'broken':
      return { text: `Moult itself made a mistake: ${notice.what}. Load the page again; updates can be resumed.` };
  }
}

const REMOVED = {
  device: (name: string) => `${name} was removed.`,
  firmware: (name: string) => `${name} was removed.`,
  update: (name: string) => `The line about ${name} was removed from the history.`,
} as const;

const PAIRING = {
  needed:
    'This browser is not paired with the host, which reaches devices for paired ones only. Scan the code in its terminal, or the one under “More” on a paired browser.',
  paired: 'Paired: the host reaches devices for this browser now.',
  locked: 'Not paired: the tokens are locked, and this browser’s key would be with them. Unlock them, and scan again.',
  'wrong-code': 'Not paired: the code is not right, was used already, or its time is up. The terminal shows a new one.',
  'too-often': 'Not paired: too many codes were tried from here. Wait a minute, and scan again.',
  full: 'Not paired: as many browsers are paired as may be. Revoke one on the host’s own page, under “More”.',
  'not-kept': 'Not paired: the host could not write it down. Its terminal says why.',
  'no-answer': 'Not paired: the host does not answer. Scan the code again.',
} as const;

/** Why nothing is kept, and what to do about it. */
const UNKEPT = {
  refused: 'This browser lets the page keep nothing.',
  silent: 'The browser did not open what the page keeps. Load the page again.',
  blocked: 'An older version of Moult in another tab holds what is kept. Close that tab and load the page again.',
  newer: 'What is kept here belongs to a newer version of Moult. Load the page again.',
  'newer-version': 'A newer version of Moult in another tab took over what is kept. Load this page again.',
  terminated: 'The browser no longer keeps anything for this page. Load the page again.',
  full: 'The browser has no room left for this page. Remove files under Firmware.',
} as const;

const SHARED_LOST = {
  several: 'Several files were handed over, and none was taken.',
  'too-large': 'A file of more than 16 MB was handed over, and not taken.',
  lost: 'No shared file arrived; this browser may have no room left for this page.',
} as const;

function newVersionWords(held: Extract<Notice, { kind: 'new-version' }>['held']): NoticeWords {
  switch (held) {
    case null:
      return { text: 'New version of Moult: reload to use it.', verb: 'Reload' };
    case 'this-tab':
      return { text: 'New version of Moult: it waits until the updates have ended.', verb: 'Reload', waits: true };
    case 'other-tab':
      return { text: 'New version of Moult: another tab is updating a device. Reload after that.', verb: 'Reload' };
  }
}

const HISTORY_TROUBLE = {
  keep: 'The last update could not be added to the history.',
  read: 'The history could not be read.',
  clear: 'The history could not be cleared.',
  remove: 'The line could not be removed from the history.',
} as const;

/** Files with the same reason share a sentence. */
function notKeptText(files: Extract<Notice, { kind: 'library-full' }>['files']): string {
  const sentences = [...new Set(files.map(({ why }) => why))].map((why) => {
    const names = files.filter((file) => file.why === why).map(({ name }) => name);
    return `Not kept: ${names.join(', ')}. ${whyNotKeptText(why)}`;
  });
  return [...sentences, 'What is chosen can be sent all the same.'].join(' ');
}

function whyNotKeptText(why: WhyNotKept): string {
  switch (why) {
    case 'quota':
      return 'The browser has no room left for this page. An update with such a file cannot go on after a reload.';
    case 'larger-than-cap':
      return 'That is larger than the whole library may be.';
    case 'full':
      return 'The library is full of pinned files and of files that are still needed. Remove one first.';
    case 'no-room-made':
      return 'The library is full, and nothing goes for a file that was handed over. Remove one first.';
    case 'unavailable':
      return 'This browser lets the page keep nothing.';
  }
}
