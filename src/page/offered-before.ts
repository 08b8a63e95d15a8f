/**
 * Answers whether something was offered in this browser before, and notes that it was. After the browser's storage was
 * cleared it is offered once more.
 */
export function offeredBefore(key: string): boolean {
  try {
    const before = localStorage.getItem(key) !== null;
    localStorage.setItem(key, 'yes');
    return before;
  } catch {
    // Storage is forbidden here: what cannot be noted would be offered again and again.
    return true;
  }
}
