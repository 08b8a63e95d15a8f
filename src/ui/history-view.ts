import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { App } from '../state/app.ts';
import type { EndedUpdate } from '../state/updates.ts';
import { dayInWords } from './moments.ts';
import { outcomeTone, toneShape } from './outcome-shape.ts';
import { bytesInWords, durationInWords } from './quantities.ts';
import './slot-map.ts';
import { base } from './theme.ts';
import { Watch } from './watch.ts';

/** How updates ended, newest first: the words, and the slot map as it stood. */
@customElement('history-view')
export class HistoryView extends LitElement {
  static override styles = [
    base,
    css`
      h1 {
        font-size: var(--title);
      }
      h2 {
        font-size: var(--text);
      }
      li {
        display: grid;
        gap: calc(2 * var(--u));
        padding: calc(4 * var(--u)) 0;
        border-top: 1px solid var(--line);
      }
      ul {
        max-width: 720px;
        margin-top: calc(4 * var(--u));
      }
      .words {
        display: flex;
        gap: calc(2 * var(--u));
        overflow-wrap: anywhere;
      }
      .good svg.icon {
        color: var(--accent);
      }
      .needs svg.icon {
        color: var(--amber);
      }
      .bad svg.icon {
        color: var(--red);
      }
    `,
  ];

  @property({ attribute: false }) app!: App;
  readonly #ended = new Watch(this, () => this.app.updates.$ended);

  protected override render(): TemplateResult {
    const ended = this.#ended.value;
    return html`<h1 tabindex="-1">History</h1>
      <p class="soft">${ended.length === 0 ? 'No update has ended in this visit yet.' : 'Updates of this visit.'}</p>
      <ul>
        ${ended.map(entry)}
      </ul>`;
  }
}

function entry({ device, view }: EndedUpdate): TemplateResult {
  const { state, words, firmware, at } = view;
  const { progress } = state;
  const tone = outcomeTone(state.outcome);
  const facts = [
    dayInWords(at, Date.now()),
    firmware.version ?? firmware.name,
    progress.acknowledged === progress.total
      ? bytesInWords(progress.total)
      : `${bytesInWords(progress.acknowledged)} of ${bytesInWords(progress.total)}`,
    ...(state.durationMs === 0 ? [] : [durationInWords(state.durationMs / 1000)]),
    ...(progress.retries === 0 ? [] : [`${progress.retries} ${progress.retries === 1 ? 'retry' : 'retries'}`]),
  ];
  return html`<li>
    <div>
      <h2>${device.name}</h2>
      <p class="small soft numbers">${facts.join(' · ')}</p>
    </div>
    <p class="words ${tone}">
      ${toneShape(tone)}<span><strong>${words.title}.</strong> ${words.detail}</span>
    </p>
    ${progress.acknowledged === 0 ? null : html`<slot-map .progress=${progress}></slot-map>`}
  </li>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'history-view': HistoryView;
  }
}
