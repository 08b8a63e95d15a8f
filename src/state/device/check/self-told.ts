/** What a device tells of itself without a token. */
import type { Login } from '../../../model/device/secrets/login.ts';
import type { Dialect } from '../../../model/device/dialect.ts';
import type { DeviceIdentity } from '../../../model/device/identity.ts';

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

/**
 * Asks once, with a time limit. Null where the device tells nothing, or where the browser would have to ask for
 * permission first.
 */
export type AskSelf = (
  where: {
    readonly origin: string;
    readonly login: Login | null;
    /**
     * Another origin to ask as well, or null, where it may be a device of any kind. Absent: it is known to be
     * ViperHTTP's.
     */
    readonly orElse?: string | null;
  },
  signal: AbortSignal,
) => Promise<SelfTold | null>;

/** What ViperHTTP calls an app that has no name; the published build loses the last letter. */
const NAMELESS = ['ViperHTTP API', 'ViperHTTP AP'];

/** The app's own name; null where its author gave none. */
export function appName({ title }: SelfTold): string | null {
  return title === null || NAMELESS.includes(title) ? null : title;
}

/** "Greenhouse, version 1.4.0"; null where the app has no name. */
export function appInWords(told: SelfTold): string | null {
  const name = appName(told);
  return name === null || told.version === null ? name : `${name}, version ${told.version}`;
}
