import { atom } from 'nanostores';
import type { Notice } from '../model/page/notice.ts';

type NoticeKind = Notice['kind'];

/** What is shown above everything else until it is dismissed or no longer true. At most one of a kind. */
export class NoticesState {
  readonly $notices = atom<readonly Notice[]>([]);
  readonly #actions = new Map<NoticeKind, () => void>();

  /** Shows a notice in place of an older one of its kind; `act` is what its button does, where it has one. */
  show(notice: Notice, act?: () => void): void {
    if (act !== undefined) this.#actions.set(notice.kind, act);
    this.$notices.set([...this.$notices.get().filter(({ kind }) => kind !== notice.kind), notice]);
  }

  /** Shows or takes away the one that tells to keep the screen on. */
  readonly keepScreenOn = (needed: boolean): void => {
    if (needed) this.show({ kind: 'keep-screen-on' });
    else this.dismiss('keep-screen-on');
  };

  act(kind: NoticeKind): void {
    this.#actions.get(kind)?.();
  }

  dismiss(kind: NoticeKind): void {
    this.#actions.delete(kind);
    this.$notices.set(this.$notices.get().filter((notice) => notice.kind !== kind));
  }
}
