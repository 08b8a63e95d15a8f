import { atom } from 'nanostores';
import type { Notice } from '../model/page/notice.ts';

type NoticeKind = Notice['kind'];

/** What is shown above everything else until it is dismissed or no longer true. At most one of a kind. */
export class NoticesState {
  readonly $notices = atom<readonly Notice[]>([]);
  readonly #actions = new Map<NoticeKind, () => void>();

  /**
   * Shows a notice in place of an older one of its kind; `act` is what its button does, where it has one.
   *
   * @returns what takes this very notice away, for when it is no longer true
   */
  show(notice: Notice, act?: () => void): () => void {
    if (act !== undefined) this.#actions.set(notice.kind, act);
    this.$notices.set([...this.$notices.get().filter(({ kind }) => kind !== notice.kind), notice]);
    return () => {
      if (this.$notices.get().includes(notice)) this.dismiss(notice.kind);
    };
  }

  /** Shows or takes away the one that tells to keep the screen on. */
  readonly keepScreenOn = (needed: boolean): void => {
    if (needed) this.show({ kind: 'keep-screen-on' });
    else this.dismiss('keep-screen-on');
  };

  act(kind: NoticeKind): void {
    this.#actions.get(kind)?.();
  }

  dismiss(...kinds: readonly NoticeKind[]): void {
    for (const kind of kinds) this.#actions.delete(kind);
    const shown = this.$notices.get();
    const left = shown.filter(({ kind }) => !kinds.includes(kind));
    if (left.length < shown.length) this.$notices.set(left);
  }
}
