import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { App } from '../../state/app.ts';
import { nameOf } from '../../state/firmware/library.ts';
import { chipName } from '../../words/firmware/chip-name.ts';
import { KEPT_FILES } from '../../words/firmware/firmware-panel.ts';
import { SEARCH } from '../../words/kit/fields.ts';
import { libraryText, noneFitsText } from '../../words/firmware/library-view.ts';
import { FIRMWARE } from '../../words/kit/places.ts';
import type { FirmwareRecord } from '../../model/page/stores.ts';
import './library-row.ts';
import type { LibraryRowParts } from './library-row.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import { fields } from '../kit/style/fields.ts';
import './watch-file.ts';
import type { WatchFileParts } from './watch-file.ts';
import { Watch } from '../kit/watch/watch.ts';

/** What of the app the library draws from. */
export type LibraryViewParts = Pick<App, 'library'> & LibraryRowParts & WatchFileParts;

/** The firmware that is kept in this browser. */
@customElement('library-view')
export class LibraryView extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    css`
      h1 {
        font-size: var(--title);
      }
      .top {
        margin-bottom: calc(3 * var(--u));
      }
      .search {
        margin-bottom: calc(3 * var(--u));
      }
      li {
        border-top: 1px solid var(--line);
      }
      li:last-child {
        border-bottom: 1px solid var(--line);
      }
    `,
  ];

  @property({ attribute: false }) app!: LibraryViewParts;
  @state() wanted = '';
  readonly #records = new Watch(this, () => this.app.library.$records);

  protected override render(): TemplateResult {
    const records = this.#records.value;
    const found = records.filter((record) => matches(record, this.wanted));
    return html`<div class="top">
        <h1 tabindex="-1">${FIRMWARE}</h1>
        <p class="soft numbers">${libraryText(records.length, sizeOf(records))}</p>
      </div>
      <watch-file .app=${this.app}></watch-file>
      ${
        records.length === 0
          ? null
          : html`<div class="search">
              <label for="search">${SEARCH}</label>
              <input id="search" type="search" .value=${this.wanted} @input=${this.#search} />
            </div>`
      }
      ${records.length > 0 && found.length === 0 ? html`<p>${noneFitsText(this.wanted)}</p>` : null}
      <ul aria-label=${KEPT_FILES}>
        ${repeat(
          found,
          ({ sha256 }) => sha256,
          (record) => html`<li><library-row .app=${this.app} .record=${record}></library-row></li>`,
        )}
      </ul>`;
  }

  #search(event: InputEvent & { readonly currentTarget: HTMLInputElement }): void {
    this.wanted = event.currentTarget.value;
  }
}

/** In bytes. */
function sizeOf(records: readonly FirmwareRecord[]): number {
  return records.reduce((sum, { size }) => sum + size, 0);
}

function matches(record: FirmwareRecord, wanted: string): boolean {
  const { project, version, chip, micropython } = record.inspection;
  const words = [
    nameOf(record),
    record.name,
    project,
    version,
    chip && chipName(chip.id),
    micropython?.machine,
    record.sha256,
  ];
  return words.some((word) => word?.toLowerCase().includes(wanted.trim().toLowerCase()));
}

declare global {
  interface HTMLElementTagNameMap {
    'library-view': LibraryView;
  }
}
