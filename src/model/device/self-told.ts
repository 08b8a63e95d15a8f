/** What a device tells of itself without a token. */
import type { Dialect } from './dialect.ts';
import type { DeviceIdentity } from './identity.ts';

/** `otas`: where it lists update routes, and the dialect there. */
export interface SelfTold {
  /** ViperHTTP's own generator wrote it. */
  readonly isViper: boolean;
  /** The app's, in one line of plain text; an update over the air does not change its version by itself. */
  readonly title: string | null;
  readonly version: string | null;
  readonly otas: readonly { readonly prefix: string; readonly dialect: Dialect }[];
  /** It is no ViperHTTP device, and what it is; `origin`: where it was found. Absent: it is one, or nobody knows. */
  readonly other?: { readonly dialect: Dialect; readonly identity: DeviceIdentity; readonly origin: string };
}

/** What ViperHTTP calls an app that has no name; the published build loses the last letter. */
const NAMELESS = ['ViperHTTP API', 'ViperHTTP AP'];

/** The app's own name; null where its author gave none. */
export function appName({ title }: SelfTold): string | null {
  return title === null || NAMELESS.includes(title) ? null : title;
}
