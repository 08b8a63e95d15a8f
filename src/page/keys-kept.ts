/** Notes in this browser that single keys are off. */
const KEY = 'moult-keys';

export const keysKept = {
  areOff(): boolean {
    try {
      return localStorage.getItem(KEY) !== null;
    } catch {
      // Storage is forbidden here: they are on, as anywhere else.
      return false;
    }
  },
  turn(on: boolean): void {
    try {
      if (on) localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, 'off');
    } catch {
      // Storage is forbidden here: it holds until the page is closed.
    }
  },
};
