/** Takes the place of `host-notices.ts` in the page that a board serves: nobody tells it any of these. */
import type * as host from './host-notices.ts';

export const describeHostNotice: typeof host.describeHostNotice = () => ({ text: '' });
