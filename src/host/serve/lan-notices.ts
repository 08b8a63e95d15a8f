/** What people are told while the host looks after its sockets on the LAN. */
import { onLanText, untilThenText } from '../../words/host/lan.ts';
import { DataError } from '../data/data-error.ts';
import type { Lan } from './lan.ts';

export interface LanNotices {
  /** A sentence for people. */
  readonly notice: (sentence: string) => void;
  /** What people cannot put right. */
  readonly log: (error: unknown) => void;
  /** A code that pairs a browser; null where none needs one. */
  readonly code: () => string | null;
}

/**
 * `lan.refresh`, which also tells each trouble, once, and when the host has come to the LAN: after a trouble, and where it was
 * on no network, as a service is that begins before the network does. Where it begins on the LAN, its greeting says so.
 */
export function refreshWithNotices(lan: Lan, { notice, log, code }: LanNotices): () => Promise<void> {
  let last = '';
  let isFirst = true;
  const isOn = (): boolean => lan.urls.plain.length > 0;
  return async () => {
    const wasOff = !isFirst && !isOn();
    isFirst = false;
    try {
      await lan.refresh();
      if (wasOff && isOn()) notice(arrived(lan, code()));
      last = '';
    } catch (error) {
      const isData = error instanceof DataError;
      const words = isData ? error.message : String(error);
      if (words !== last) {
        if (isData) notice(lan.authority === null ? untilThenText(words) : words);
        else log(error);
      }
      last = words;
      throw error;
    }
  };
}

function arrived({ urls }: Lan, code: string | null): string {
  return onLanText(urls.plain.map((url) => (code === null ? url : `${url}#pair=${code}`)));
}
