/** What is said once a text was copied. */
export const COPIED = 'Copied';
