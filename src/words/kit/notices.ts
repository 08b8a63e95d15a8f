/** What a person should know about the page itself, in words. */
import { CANCEL } from './buttons.ts';
import { counted } from './locale.ts';
import type { Notice, WhyNotKept } from '../../model/page/notice.ts';
import { describeHostNotice, type NoticeWords } from './host-notices.ts';

/** Names the list for people who do not see it. */
export const NOTICES = 'Notices';

/** Of the button that shows them. */
export function noticesLabel(count: number): string {
  return counted(count, 'notice', 'notices');
}

export function describeNotice(notice: Notice): NoticeWords {
  switch (notice.kind) {
    case 'storage-in-memory':
    case 'storage-lost':
      return { text: `${UNKEPT[notice.why]} Anything new here is lost when you close the page. Updates still work.` };
    case 'keep-screen-on':
      return { text: 'This browser can’t keep the screen on. Keep it on yourself until the update ends.' };
    case 'library-full':
      return { text: notKeptText(notice.files) };
    case 'library-made-room':
      return { text: `The library was full. To make room, these were removed: ${notice.names.join(', ')}.` };
    case 'kept-files':
      return {
        text:
          `${notice.count} of ${counted(notice.total, 'file', 'files')} kept in the library.` +
          (notice.refused.length === 0 ? '' : ` Not firmware that a device can run: ${notice.refused.join(', ')}.`),
      };
    case 'sent-dropped':
      return { text: `${notice.firmware} is being sent to ${notice.device}.`, verb: CANCEL };
    case 'file-gone':
      return {
        text: `${notice.name ?? 'That file'} is no longer kept here, so nothing was sent. Choose the file again.`,
      };
    case 'removed':
      return { text: REMOVED[notice.what](notice.name), verb: 'Undo' };
    case 'tokens-locked':
      return {
        text: `Nothing was sent to ${notice.device}: its token is locked. Press again and type the passphrase.`,
      };
    case 'not-secure':
    case 'pairing':
    case 'new-version':
    case 'can-install':
    case 'handed-over':
    case 'shared':
    case 'shared-lost':
    case 'simulator-away':
    case 'rollout-left':
    case 'new-build':
    case 'history-trouble':
    case 'host-job':
      return describeHostNotice(notice);
    case 'broken':
      return { text: `Moult ran into an error: ${notice.what}. Reload the page; updates can be resumed.` };
  }
}

const REMOVED = {
  device: (name: string) => `${name} was removed.`,
  firmware: (name: string) => `${name} was removed.`,
  update: (name: string) => `The line about ${name} was removed from the history.`,
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
