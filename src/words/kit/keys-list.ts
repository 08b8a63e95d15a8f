/** What is said of the keys. */

export const KEYS = 'Keys';
export const SHOW_KEYS = 'Show the keys';
export const KEY = 'Key';
export const WHAT_IT_DOES = 'What it does';
export const SINGLE_KEYS = 'Use u, / and ? as keys';
export const SINGLE_KEYS_HINT =
  'Turn this off if you dictate text, or press them by accident. “More” shows this list again.';

/** As a keyboard names them; several are alternatives. */
export const KEY_LINES: readonly { readonly keys: readonly string[]; readonly does: string }[] = [
  {
    keys: ['u'],
    does: 'Update the device that has the focus, or the only one. With several, go to the first one. In a list, the first press opens the device. Under “Update many”, go to its button.',
  },
  { keys: ['/'], does: 'Go to the search.' },
  { keys: ['↑', '↓'], does: 'In a list: go to the line above or below.' },
  { keys: ['Esc'], does: 'Close what lies over the page.' },
  { keys: ['Ctrl V', '⌘ V'], does: 'Choose the file that you copied.' },
  { keys: ['?'], does: 'Show this list.' },
];

/** Below the list. */
export const WHERE_NOT = 'They do nothing while you type in a field.';
