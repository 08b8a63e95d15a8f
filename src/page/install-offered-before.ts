/** Notes on this browser what has been offered once. */
const KEY = 'moult-install-offered';

/** Answers whether it was offered before, and notes that it was. */
export function installOfferedBefore(): boolean {
  try {
    const before = localStorage.getItem(KEY) !== null;
    localStorage.setItem(KEY, 'yes');
    return before;
  } catch {
    // Storage is forbidden here: what cannot be noted would be offered again and again.
    return true;
  }
}
