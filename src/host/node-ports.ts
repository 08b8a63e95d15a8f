/** What the update engine needs of the world, in Node. */
import type { Clock } from '../model/clock.ts';
import type { Connectivity } from '../model/page/connectivity.ts';
import type { Journal, JournalEntry } from '../model/update/journal.ts';

export const nodeClock: Clock = {
  now: () => performance.now(),
  date: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        reject(reasonOf(signal));
      };
      if (signal.aborted) {
        reject(reasonOf(signal));
        return;
      }
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', stop);
        resolve();
      }, ms);
      signal.addEventListener('abort', stop, { once: true });
    }),
};

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted');
}

/** Node tells nothing of networks: the device's answers do. */
export const alwaysOnline: Connectivity = {
  online: () => true,
  changed: () => new Promise(() => undefined),
};

/** One call is one run: what it would need to go on in another run is not kept. */
export function memoryJournal(): Journal {
  const entries = new Map<string, JournalEntry>();
  return {
    read: (id) => Promise.resolve(entries.get(id) ?? null),
    write: (entry) => {
      entries.set(entry.deviceId, entry);
      return Promise.resolve();
    },
    clear: (id) => {
      entries.delete(id);
      return Promise.resolve();
    },
  };
}
