/** What is said of the file that is watched for new builds. */
import type { WatchEvent } from '../../model/firmware/watched-file.ts';
import { momentInWords } from '../device/moments.ts';

export const HOW_IT_WORKS =
  'Choose the file that your build writes. Each new build is checked as it appears, and sent if you ask for that. While this page is hidden the browser may let a minute pass before it looks.';
/** The file's name follows. */
export const WATCHING = 'Watching';
export const SEND_TO = 'Send each new build to';
export const NO_DEVICE = 'No device, only say so';
export const STOP_WATCHING = 'Stop watching';

/** @param now milliseconds since 1970 */
export function watchText(event: WatchEvent, now: number): string {
  switch (event.kind) {
    case 'waiting':
      return 'It is as it was. The next build is taken when it has been still for a second.';
    case 'settling':
      return 'It is being written.';
    case 'missing':
      return 'It is not there just now, or may not be read any more. Moult keeps looking.';
    case 'refused':
      return `This build is not taken. ${event.told ?? 'Another file was chosen while it was read.'}`;
    case 'ready':
      return `${event.version ?? 'The build'} has been chosen since ${momentInWords(event.at, now)}.`;
    case 'held':
      return 'A new build is there. It is sent when no update or rollout runs any more, here or in another tab.';
    case 'sent':
      return `${event.version ?? 'The build'} went to ${event.device}, ${momentInWords(event.at, now)}. Its card tells how that ends.`;
  }
}
