import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { App } from '../../state/app.ts';
import { CLOSE } from '../../words/kit/buttons.ts';
import { describeNotice, NOTICES } from '../../words/kit/notices.ts';
import { base, buttons } from '../kit/theme.ts';
import { Watch } from '../kit/watch.ts';

export type NoticeBarParts = Pick<App, 'notices'>;

/** What to know about the page itself, above everything else. */
@customElement('notice-bar')
export class NoticeBar extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      li {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0 calc(3 * var(--u));
        padding: var(--u) var(--gutter, calc(4 * var(--u)));
        border-bottom: 1px solid var(--line);
        background: var(--amber-wash);
        font-size: var(--small);
      }
      p {
        flex: 1 1 24ch;
        padding: calc(2 * var(--u)) 0;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) app!: NoticeBarParts;
  readonly #notices = new Watch(this, () => this.app.notices.$notices);

  protected override render(): TemplateResult {
    const { notices } = this.app;
    return html`<ul aria-live="polite" aria-label=${NOTICES}>
      ${this.#notices.value.map((notice) => {
        const { text, verb, waits = false } = describeNotice(notice);
        return html`<li>
          <p>${text}</p>
          <span>
            ${
              verb === undefined
                ? null
                : html`<button class="link" ?disabled=${waits} @click=${() => notices.act(notice.kind)}>
                    ${verb}
                  </button>`
            }
            <button class="link" @click=${() => notices.dismiss(notice.kind)}>${CLOSE}</button>
          </span>
        </li>`;
      })}
    </ul>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'notice-bar': NoticeBar;
  }
}
