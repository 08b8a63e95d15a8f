import type { Device } from '../../../model/device/device.ts';
import type { Dialect } from '../../../model/device/dialect.ts';
import type { Login } from '../../../model/device/secrets/login.ts';
import type { SelfTold } from '../../../model/device/self-told.ts';
import { UpdateError } from '../../../model/update/update-error.ts';
import { appInWords } from '../../../words/device/app-told.ts';
import type { AskSelf } from './ask-self.ts';

/** What a device lists of itself; null where it lists no such thing. */
export interface Listed {
  /** The name and version of the app on it, in words. */
  readonly app: string | null;
  /** How it takes updates at the path where it is saved. */
  readonly dialect: Dialect | null;
}

/** `anew`: by an answer of now, since what is said by it may have changed. */
export type AskListed = (device: Device, login: Login | null, signal: AbortSignal, anew: boolean) => Promise<Listed>;

/** Asks each device once a visit where that is enough, since it generates the answer anew each time. */
export function listings(askSelf: AskSelf): AskListed {
  /** By id and address. */
  const told = new Map<string, SelfTold | null>();
  return async ({ id, origin, prefix }, login, signal, anew) => {
    const place = `${id} ${origin}`;
    if (anew) told.delete(place);
    try {
      if (!told.has(place)) told.set(place, await askSelf({ origin, login }, signal));
    } catch (error) {
      // Ended by an update or another question: its status stands all the same.
      if (!signal.aborted || !(error instanceof UpdateError)) throw error;
    }
    const known = told.get(place) ?? null;
    return {
      app: known && appInWords(known),
      dialect: known?.otas.find((each) => each.prefix === prefix)?.dialect ?? null,
    };
  };
}
