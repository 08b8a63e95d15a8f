/** Takes the place of `host-meanwhile.ts` in the page that a board serves: it runs each update itself. */
import type * as host from './host-meanwhile.ts';

export const HOST_RUNS: typeof host.HOST_RUNS | '' = '';
export const HOST_AWAY: typeof host.HOST_AWAY | '' = '';
