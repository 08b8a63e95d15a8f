import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { WholeApp } from '../../state/app.ts';
import type { HistoryFound } from '../../state/update/history.ts';
import { asCsv, asJson } from '../../state/update/history-export.ts';
import { EVERYTHING, OUTCOMES, type HistoryWanted } from '../../state/update/history-search.ts';
import { SEARCH } from '../../words/kit/fields.ts';
import {
  ALL,
  CLEAR,
  DEVICE,
  ENDED_AS,
  foundText,
  NOTHING_YET,
  PRINT,
  printedText,
  REMOVED_DEVICE,
  SAVE_AS_CSV,
  SAVE_AS_JSON,
  SHOW_MORE,
  UPDATES,
} from '../../words/history/history-view.ts';
import { HISTORY } from '../../words/kit/places.ts';
import './history-row.ts';
import type { HistoryRowParts } from './history-row.ts';
import { colourPaper } from './paper.ts';
import { dated, saveFile } from '../kit/save-file.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import { fields } from '../kit/style/fields.ts';
import { Watch } from '../kit/watch/watch.ts';

/** Lines drawn at once: five screens of a phone. */
const PAGE = 50;

/** What of the app the history draws from. */
export type HistoryViewParts = Pick<WholeApp, 'devices' | 'history' | 'questions'> & HistoryRowParts;

/** Every update that ended, newest first, to be searched, printed and exported. */
@customElement('history-view')
export class HistoryView extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    css`
      :host {
        max-width: 760px;
      }
      h1 {
        font-size: var(--title);
      }
      .filters {
        display: flex;
        flex-wrap: wrap;
        gap: calc(3 * var(--u));
        margin: calc(4 * var(--u)) 0 calc(2 * var(--u));
      }
      .filters > div {
        flex: 1 1 120px;
        min-width: 0;
      }
      .filters > .words {
        flex: 2 1 200px;
      }
      ul {
        margin: calc(3 * var(--u)) 0;
      }
      li {
        border-top: 1px solid var(--line);
      }
      li:last-child {
        border-bottom: 1px solid var(--line);
      }
      .last {
        justify-content: space-between;
      }
      .printed {
        display: none;
      }
      @media print {
        .filters,
        .last {
          display: none;
        }
        .printed {
          display: block;
        }
        ul {
          margin-bottom: 0;
        }
        li {
          break-inside: avoid;
        }
      }
    `,
  ];

  @property({ attribute: false }) app!: HistoryViewParts;
  /** Shows only this device's; the place "#/history?device=…" sets it. */
  @property({ attribute: false }) deviceId: string | null = null;
  @state() wanted: HistoryWanted = EVERYTHING;
  @state() found: HistoryFound | null = null;
  @state() limit = PAGE;
  readonly #changes = new Watch(this, () => this.app.history.$changes);
  readonly #devices = new Watch(this, () => this.app.devices.$devices);
  /** What is drawn, so that an older answer does not replace a newer one. */
  #asked = 0;
  #drawn = -1;

  override connectedCallback(): void {
    super.connectedCallback();
    colourPaper();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('deviceId')) this.wanted = { ...this.wanted, deviceId: this.deviceId };
    const changes = this.#changes.value;
    if (changed.has('deviceId') || changed.has('wanted') || changed.has('limit') || changes !== this.#drawn) {
      this.#drawn = changes;
      void this.#find();
    }
  }

  protected override render(): TemplateResult {
    return html`<h1 tabindex="-1">${HISTORY}</h1>
      ${this.found === null ? null : this.#content(this.found)}`;
  }

  #content({ rows, more }: HistoryFound): TemplateResult {
    const filtered = this.wanted.deviceId !== null || this.wanted.outcome !== null || this.wanted.text !== '';
    if (rows.length === 0 && !filtered) {
      return html`<p class="soft">${NOTHING_YET}</p>`;
    }
    return html`<p class="small soft printed">${printedText(Date.now())}</p>
      ${this.#filters()}
      <p class="small soft numbers" aria-live="polite">${foundText(rows.length, more, filtered)}</p>
      <ul aria-label=${UPDATES}>
        ${repeat(
          rows,
          ({ id }) => id,
          (row) => html`<li><history-row .app=${this.app} .row=${row}></history-row></li>`,
        )}
      </ul>
      <div class="row last">
        ${more ? html`<button @click=${() => (this.limit += PAGE)}>${SHOW_MORE}</button>` : null}
        <span class="row">
          <button @click=${this.#print}>${PRINT}</button>
          <button @click=${() => this.#save('csv')}>${SAVE_AS_CSV}</button>
          <button @click=${() => this.#save('json')}>${SAVE_AS_JSON}</button>
          <button class="quiet" @click=${this.#clear}>${CLEAR}</button>
        </span>
      </div>`;
  }

  #filters(): TemplateResult {
    const { deviceId, outcome, text } = this.wanted;
    const devices = this.#devices.value;
    const removed = deviceId !== null && devices.every(({ id }) => id !== deviceId);
    return html`<div class="filters">
      <div class="words">
        <label for="text">${SEARCH}</label>
        <input id="text" type="search" .value=${text} @input=${this.#search} />
      </div>
      <div>
        <label for="device">${DEVICE}</label>
        <select id="device" @change=${this.#chooseDevice}>
          <option value="" ?selected=${deviceId === null}>${ALL}</option>
          ${removed ? html`<option value=${deviceId} selected>${REMOVED_DEVICE}</option>` : null}
          ${devices.map(({ id, name }) => html`<option value=${id} ?selected=${id === deviceId}>${name}</option>`)}
        </select>
      </div>
      <div>
        <label for="outcome">${ENDED_AS}</label>
        <select id="outcome" @change=${this.#chooseOutcome}>
          <option value="" ?selected=${outcome === null}>${ALL}</option>
          ${OUTCOMES.map(
            (each) => html`<option value=${each.outcome} ?selected=${each.outcome === outcome}>${each.words}</option>`,
          )}
        </select>
      </div>
    </div>`;
  }

  async #find(): Promise<void> {
    const asked = (this.#asked += 1);
    const found = await this.app.history.find(this.wanted, this.limit);
    if (asked === this.#asked) this.found = found;
  }

  #want(part: Partial<HistoryWanted>): void {
    this.wanted = { ...this.wanted, ...part };
    this.limit = PAGE;
  }

  #search(event: InputEvent & { readonly currentTarget: HTMLInputElement }): void {
    this.#want({ text: event.currentTarget.value });
  }

  #chooseDevice(event: Event & { readonly currentTarget: HTMLSelectElement }): void {
    this.#want({ deviceId: event.currentTarget.value || null });
  }

  #chooseOutcome(event: Event & { readonly currentTarget: HTMLSelectElement }): void {
    const { value } = event.currentTarget;
    this.#want({ outcome: OUTCOMES.find(({ outcome }) => outcome === value)?.outcome ?? null });
  }

  /** All that fits goes on paper, not only what is drawn. */
  async #print(): Promise<void> {
    this.limit = Infinity;
    this.found = { rows: await this.app.history.all(this.wanted), more: false };
    await this.updateComplete;
    await Promise.all([...this.renderRoot.querySelectorAll('history-row')].map((row) => row.updateComplete));
    window.print();
    this.limit = PAGE;
  }

  async #save(format: 'csv' | 'json'): Promise<void> {
    const rows = await this.app.history.all(this.wanted);
    const name = dated('history', format, Date.now());
    if (format === 'csv') saveFile(name, asCsv(rows), 'text/csv');
    else saveFile(name, asJson(rows), 'application/json');
  }

  async #clear(): Promise<void> {
    if (await this.app.questions.ask({ kind: 'clear-history' })) await this.app.history.clear();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'history-view': HistoryView;
  }
}
