/** Whether and how this page can be installed, as far as a page can know. */

/**
 * - `ask`: the browser has offered to ask the person.
 * - `share-sheet`: iPhone and iPad, by hand. `dock`: Safari on a Mac, by hand. `menu`: perhaps in the browser's menu.
 */
export type InstallWay = 'ask' | 'installed' | 'share-sheet' | 'dock' | 'menu' | 'not-secure';

/** Chromium's event; not in the DOM's types. */
interface InstallPromptEvent extends Event {
  prompt(): Promise<{ readonly outcome: 'accepted' | 'dismissed' }>;
}

/** What is looked at in the window, so that a test can stand in for it. */
export interface InstallSurroundings {
  readonly secure: boolean;
  /** Whether it runs in a window of its own already. */
  readonly standalone: boolean;
  readonly userAgent: string;
  readonly touchPoints: number;
}

/** How it goes in a browser that has not offered anything. */
export function wayByHand({ secure, standalone, userAgent, touchPoints }: InstallSurroundings): InstallWay {
  if (standalone) return 'installed';
  if (!secure) return 'not-secure';
  // An iPad calls itself a Mac; a Mac has no touch screen.
  const isMac = userAgent.includes('Macintosh');
  if (/iPhone|iPad|iPod/.test(userAgent) || (isMac && touchPoints > 1)) return 'share-sheet';
  const isSafari = userAgent.includes('Safari/') && !/Chrom|Edg|OPR\//.test(userAgent);
  return isMac && isSafari ? 'dock' : 'menu';
}

/** Listens from the moment it is made: the browser offers once, and early. */
export class PageInstall {
  #prompt: InstallPromptEvent | null = null;
  #installed = false;
  #changed: () => void = () => undefined;

  constructor() {
    window.addEventListener('beforeinstallprompt', (event) => {
      // The page offers it in its own place and time.
      event.preventDefault();
      if (isInstallPrompt(event)) this.#set(event, this.#installed);
    });
    window.addEventListener('appinstalled', () => this.#set(null, true));
  }

  get way(): InstallWay {
    if (this.#installed) return 'installed';
    if (this.#prompt !== null) return 'ask';
    return wayByHand({
      secure: window.isSecureContext,
      standalone: ['standalone', 'minimal-ui'].some((mode) => window.matchMedia(`(display-mode: ${mode})`).matches),
      userAgent: navigator.userAgent,
      touchPoints: navigator.maxTouchPoints,
    });
  }

  onChange(changed: () => void): void {
    this.#changed = changed;
  }

  /** Lets the browser ask; only from a tap, and once for each offer. */
  async ask(): Promise<void> {
    const prompt = this.#prompt;
    if (prompt === null) return;
    const { outcome } = await prompt.prompt();
    this.#set(null, outcome === 'accepted');
  }

  #set(prompt: InstallPromptEvent | null, installed: boolean): void {
    this.#prompt = prompt;
    this.#installed = installed;
    this.#changed();
  }
}

function isInstallPrompt(event: Event): event is InstallPromptEvent {
  return 'prompt' in event && typeof event.prompt === 'function';
}
