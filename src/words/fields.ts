/** Labels of fields and facts that more than one element has. */

export const SEARCH = 'Search';
export const VERSION = 'Version';
