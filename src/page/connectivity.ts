import type { Connectivity } from '../model/page/connectivity.ts';

/** Coming back online, or the page being looked at again: timers slept in between, so both are worth a try at once. */
export const pageConnectivity: Connectivity = {
  online: () => navigator.onLine,
  changed: (signal) =>
    new Promise((resolve) => {
      const done = (): void => {
        window.removeEventListener('online', done);
        document.removeEventListener('visibilitychange', seen);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const seen = (): void => {
        if (document.visibilityState === 'visible') done();
      };
      window.addEventListener('online', done);
      document.addEventListener('visibilitychange', seen);
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) done();
    }),
};
