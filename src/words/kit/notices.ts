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
      return { text: `${UNKEPT[notice.why]} Anything new here is lost when you close the page. Updates still work.` };
    case 'not-secure':
      return {
        text: 'This page isn’t encrypted: tokens are forgotten when you close it, and it can’t be installed. Updates still work.',
        ...(notice.trust ? { verb: 'How to trust this host' } : {}),
      };
    case 'pairing':
      return { text: PAIRING[notice.is] };
    case 'keep-screen-on':
      return { text: 'This browser can’t keep the screen on. Keep it on yourself until the update ends.' };
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
    case 'library-full':
      return { text: notKeptText(notice.files) };
    case 'library-made-room':
      return { text: `The library was full. To make room, these were removed: ${notice.names.join(', ')}.` };
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
        text: 'The simulated devices are loaded over the network once, and there is no connection now. Reload this page when there is.',
      };
    case 'removed':
      return { text: REMOVED[notice.what](notice.name), verb: 'Undo' };
    case 'rollout-left':
      return {
        text: 'A rollout from an earlier visit hasn’t finished. It continues only if you say so.',
        verb: 'Open',
      };
    case 'new-build':
      return {
        text: `${notice.name} was rebuilt${notice.version === null ? '' : `: ${notice.version}`}. The new build is chosen now.`,
      };
    case 'tokens-locked':
      return {
        text: `Nothing was sent to ${notice.device}: its token is locked. Press again and type the passphrase.`,
      };
    case 'history-trouble':
      return { text: `${HISTORY_TROUBLE[notice.what]} The browser says: ${notice.why}. Updates still work.` };
    case 'broken':
      return { text: `Moult ran into an error: ${notice.what}. Reload the page; updates can be resumed.` };
  }
}

const REMOVED = {
  device: (name: string) => `${name} was removed.`,
  firmware: (name: string) => `${name} was removed.`,
  update: (name: string) => `The line about ${name} was removed from the history.`,
} as const;

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

/** Why nothing is kept, and what to do about it. */
const UNKEPT = {
  refused: 'This browser doesn’t let the page store anything.',
  silent: 'The browser didn’t open this page’s storage. Reload the page.',
  blocked: 'An older version of Moult in another tab blocks the storage. Close that tab and reload the page.',
  newer: 'What is stored here belongs to a newer version of Moult. Reload the page.',
  'newer-version': 'A newer version of Moult in another tab took over the storage. Reload the page.',
  terminated: 'The browser no longer stores anything for this page. Reload the page.',
  full: 'The browser has no room left for this page. Remove files under “Firmware”.',
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

/** Files with the same reason share a sentence. */
function notKeptText(files: Extract<Notice, { kind: 'library-full' }>['files']): string {
  const sentences = [...new Set(files.map(({ why }) => why))].map((why) => {
    const names = files.filter((file) => file.why === why).map(({ name }) => name);
    return `Not kept: ${names.join(', ')}. ${whyNotKeptText(why)}`;
  });
  return [...sentences, 'You can still send the chosen file.'].join(' ');
}

function whyNotKeptText(why: WhyNotKept): string {
  switch (why) {
    case 'quota':
      return 'The browser has no room left for this page. An update with such a file can’t continue after a reload.';
    case 'larger-than-cap':
      return 'It’s larger than the whole library may be.';
    case 'full':
      return 'The library is full of files that are pinned or still needed. Remove one first.';
    case 'no-room-made':
      return 'The library is full, and nothing is removed for a shared file. Remove one first.';
    case 'unavailable':
      return 'This browser doesn’t let the page store anything.';
  }
}
