import { atom, type ReadableAtom } from 'nanostores';
import type { OutcomeName } from '../model/update/update-state.ts';
import type { NoticesState } from './notices.ts';

/** How this page can be installed. */
export type InstallWay = 'ask' | 'installed' | 'share-sheet' | 'dock' | 'menu' | 'not-secure';

/** The browser's part. */
export interface Installer {
  readonly way: InstallWay;
  onChange(changed: () => void): void;
  /** Lets the browser ask the person; only from a tap. */
  ask(): Promise<void>;
}

/** What is looked at in an update that has ended. */
export interface Ended {
  readonly view: { readonly state: { readonly outcome: OutcomeName } };
}

export interface InstallationParts {
  readonly installer: Installer;
  readonly notices: NoticesState;
  /** Answers whether it was offered before, and notes that it has been now. */
  readonly offeredBefore: () => boolean;
  /** Of this page: "1.2.0". */
  readonly version: string;
}

export class InstallationState {
  readonly $way;
  readonly version: string;
  readonly #parts: InstallationParts;

  constructor(parts: InstallationParts) {
    this.#parts = parts;
    this.version = parts.version;
    this.$way = atom<InstallWay>(parts.installer.way);
    parts.installer.onChange(() => this.$way.set(parts.installer.way));
  }

  ask(): Promise<void> {
    return this.#parts.installer.ask();
  }

  /** Offers it once, after the first update that went well: by then a person knows what for. */
  offerAfter($ended: ReadableAtom<readonly Ended[]>): void {
    const stop = $ended.listen(([last]) => {
      const outcome = last?.view.state.outcome;
      if ((outcome !== 'updated' && outcome !== 'accepted') || this.$way.get() !== 'ask') return;
      stop();
      if (this.#parts.offeredBefore()) return;
      const { notices } = this.#parts;
      notices.show({ kind: 'can-install' }, () => {
        notices.dismiss('can-install');
        void this.ask();
      });
    });
  }
}
