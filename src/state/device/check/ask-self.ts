/** How a device is asked what it tells of itself. */
import type { Login } from '../../../model/device/secrets/login.ts';
import type { SelfTold } from '../../../model/device/self-told.ts';

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
