import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { App } from '../../state/app.ts';
import type { Notice } from '../../model/page/notice.ts';
import { CLOSE } from '../../words/kit/buttons.ts';
import { describeNotice, noticesLabel, NOTICES } from '../../words/kit/notices.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import { needsAttentionShape } from '../kit/style/icons.ts';
import { noticeStyles } from './notice-styles.ts';
import { Watch } from '../kit/watch/watch.ts';

export type NoticeBarParts = Pick<App, 'notices'>;

/** Long enough to read two of the longest twice; WCAG 2.2.1 asks for 20 s where a time is set. */
const SEEN_FOR_MS = 20_000;

/**
 * What to know about the page itself. It comes over the head of the page, so that it neither moves anything nor covers a
 * button, and goes by itself: what has happened is gone then, what is still true stays behind the button with the number on
 * it, which also shows in full what had no room over the head.
 */
@customElement('notice-bar')
export class NoticeBar extends LitElement {
  static override styles = [base, buttons, noticeStyles];

  @property({ attribute: false }) app!: NoticeBarParts;
  /** Milliseconds. */
  @property({ attribute: false }) seenFor = SEEN_FOR_MS;
  /** Whether they are seen, or only how many there are. */
  @state() open = false;
  /** Whether a person wants to see them, and all of each. */
  @state() whole = false;
  readonly #notices = new Watch(this, () => this.app.notices.$notices);
  #shown: readonly Notice[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stay();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const now = this.#notices.value;
    const isNew = now.some((notice) => !this.#shown.includes(notice));
    this.#shown = now;
    if (now.length === 0) this.#hide();
    if (isNew) this.open = true;
    if (isNew || changed.has('seenFor')) this.#goLater();
  }

  protected override render(): TemplateResult {
    const notices = this.#notices.value;
    const calm = notices.every(hasHappened) ? 'calm' : '';
    return html`${
        notices.length === 0
          ? null
          : html`<button
              class="count quiet ${calm}"
              aria-expanded=${this.whole ? 'true' : 'false'}
              aria-label=${noticesLabel(notices.length)}
              @click=${this.#toggle}
            >
              ${calm ? null : needsAttentionShape}${notices.length}
            </button>`
      }
      <ul
        class="${this.open ? '' : 'away'} ${this.whole ? 'whole' : ''} ${calm}"
        aria-live="polite"
        aria-label=${NOTICES}
        @pointerenter=${this.#stay}
        @pointerleave=${this.#goLater}
        @focusin=${this.#stay}
        @focusout=${this.#goLater}
      >
        ${
          this.open
            ? repeat(
                [...notices].reverse(),
                ({ kind }) => kind,
                (notice) => this.#notice(notice),
              )
            : null
        }
      </ul>`;
  }

  #notice(notice: Notice): TemplateResult {
    const { notices } = this.app;
    const { text, verb, waits = false } = describeNotice(notice);
    return html`<li>
      <p>${text}</p>
      <span>
        ${
          verb === undefined
            ? null
            : html`<button class="link" ?disabled=${waits} @click=${() => notices.act(notice.kind)}>${verb}</button>`
        }
        <button class="link close" @click=${() => notices.dismiss(notice.kind)}>${CLOSE}</button>
      </span>
    </li>`;
  }

  #toggle(): void {
    this.whole = !this.whole;
    this.open = this.whole;
    // Whoever opens them wants to read them, however long it takes.
    this.#stay();
  }

  #goLater(): void {
    this.#stay();
    if (this.open) this.#timer = setTimeout(() => this.#go(), this.seenFor);
  }

  #stay(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #hide(): void {
    this.open = false;
    this.whole = false;
  }

  #go(): void {
    this.#hide();
    this.app.notices.dismiss(...this.#notices.value.filter(hasHappened).map(({ kind }) => kind));
  }
}

/** Those that tell what has happened, and are no warning. The others say what is so, or ask: they wait behind the button. */
const HAPPENED: ReadonlySet<Notice['kind']> = new Set<Notice['kind']>([
  'handed-over',
  'shared',
  'library-made-room',
  'kept-files',
  'simulator-away',
  'new-build',
  'sent-dropped',
]);

/** That this browser is paired is news once; that it is not, and why, stays. */
function hasHappened(notice: Notice): boolean {
  return HAPPENED.has(notice.kind) || (notice.kind === 'pairing' && notice.is === 'paired');
}

declare global {
  interface HTMLElementTagNameMap {
    'notice-bar': NoticeBar;
  }
}
