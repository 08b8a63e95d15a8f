/**
 * Dialogs over the page, and the browser's Back: it closes the topmost one first, as people expect of a phone.
 *
 * While any is open, one entry more lies in the window's history, with the address of the page beneath; it goes when the
 * last one is closed. Chromium on Android closes a dialog at Back by itself (a close watcher), and nothing else does. What a
 * dialog leads to takes that entry's place, so that Back leads to where the dialog was opened.
 *
 * The browser goes back in its own time. A place that is gone to meanwhile lies above the entry that goes, and would go with
 * it: it is put back.
 */

const MARK = 'moultDialog';

let open: readonly HTMLDialogElement[] = [];
/** While the entry is on its way out: the address beneath, at which the browser says that it is gone. */
let leaving: string | null = null;
/** The place that was gone to meanwhile, as the address's fragment; null: none. */
let wanted: string | null = null;
/** The place that was read last, as the address's fragment. */
let seen = '';

/** The dialogs that are over the page, topmost last. One may have gone with its element. */
function openNow(): readonly HTMLDialogElement[] {
  return (open = open.filter((dialog) => dialog.open && dialog.isConnected));
}

export function isModalOpen(): boolean {
  return openNow().length > 0;
}

/** As `showModal` does. */
export function openModal(dialog: HTMLDialogElement): void {
  dialog.showModal();
  open = [...openNow().filter((other) => other !== dialog), dialog];
  dialog.addEventListener('close', follow);
  follow();
}

function isMarked(): boolean {
  const state: unknown = history.state;
  return typeof state === 'object' && state !== null && MARK in state;
}

/** Brings the window's history in line with what is open. */
function follow(): void {
  if (leaving !== null) return;
  // A link that comes while a dialog is open is read first, and taken out: an entry made now would lie above it.
  if (location.hash !== seen) return;
  if (isModalOpen() === isMarked()) return;
  if (isMarked()) {
    leaving = location.href;
    history.back();
    return;
  }
  // The page beneath may have scrolled to what was saved: going back must not scroll it again.
  history.scrollRestoration = 'manual';
  history.pushState({ [MARK]: true }, '');
}

function cameBack(): void {
  if (leaving !== null) {
    if (location.href !== leaving) {
      wanted = location.hash;
      return;
    }
    leaving = null;
    history.scrollRestoration = 'auto';
    if (wanted !== null && !isMarked()) {
      // The shell hears of the change of address after this, and reads the one that stands then.
      if (wanted !== location.hash) history.pushState(null, '', wanted);
      wanted = null;
    }
  } else if (!isMarked()) {
    const top = openNow().at(-1);
    // As Escape does it: a dialog may ask before it lets go of what was typed.
    if (top?.dispatchEvent(new Event('cancel', { cancelable: true })) === true) top.close();
  }
  follow();
}

/** What a link brings is taken out of the address once it is read: the place is what is left. */
function noteWhatIsLeft(): void {
  if (leaving !== null && wanted !== null) wanted = location.hash;
  seen = location.hash;
  follow();
}

/** A place in a dialog's link takes the place of the dialog's entry. */
function replace(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
  if (!isModalOpen() || !isMarked()) return;
  const link = event.composedPath().find((each) => each instanceof HTMLAnchorElement);
  const hash = link?.getAttribute('href');
  if (hash?.startsWith('#') !== true) return;
  event.preventDefault();
  location.replace(hash);
}

/** For the shell, once it is there and reads the address. An entry that a reload kept without its dialog goes. */
export function watchBack(): void {
  window.addEventListener('popstate', cameBack);
  // After whoever reads the address, also where an earlier shell was here: what a link brought is out of it by then.
  window.removeEventListener('hashchange', noteWhatIsLeft);
  window.addEventListener('hashchange', noteWhatIsLeft);
  // Before the dialog hears of the click: it may close itself then.
  window.addEventListener('click', replace, { capture: true });
  seen = location.hash;
  follow();
}
