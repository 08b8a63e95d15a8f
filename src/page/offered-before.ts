/**
 * Answers whether something was offered on this browser before, and notes that it was. What is offered once is offered
 * again to who clears the browser's storage.
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
