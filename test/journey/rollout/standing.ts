import type { Page } from 'playwright-core';

/** Waits until the page says so of its rollout. */
export const standing = (page: Page, words: RegExp): Promise<void> =>
  page.getByRole('status').filter({ hasText: words }).waitFor({ state: 'attached' });
