import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { WholeApp } from '../../state/app.ts';
import { KEY, KEY_LINES, SINGLE_KEYS, SINGLE_KEYS_HINT, WHAT_IT_DOES, WHERE_NOT } from '../../words/kit/keys-list.ts';
import { base } from '../kit/style/base.ts';
import { fields } from '../kit/style/fields.ts';
import { Watch } from '../kit/watch/watch.ts';

/** What of the app the list of keys draws from. */
export type KeysListParts = Pick<WholeApp, 'keys'>;

/** Which key does what, and whether single ones do anything. */
@customElement('keys-list')
export class KeysList extends LitElement {
  static override styles = [
    base,
    fields,
    css`
      table {
        width: 100%;
        border-collapse: collapse;
      }
      th,
      td {
        padding: calc(2.5 * var(--u)) 0;
        border-bottom: 1px solid var(--line);
        font-weight: 400;
        text-align: start;
        vertical-align: baseline;
      }
      th {
        width: 1%;
        padding-inline-end: calc(4 * var(--u));
        white-space: nowrap;
      }
      kbd {
        display: inline-block;
        min-width: 28px;
        padding: 2px calc(1.5 * var(--u));
        border: 1px solid var(--line-strong);
        border-radius: 6px;
        font: 500 var(--small) / 1.5 var(--face);
        text-align: center;
      }
      p {
        margin-top: calc(3 * var(--u));
      }
      label.choice {
        margin-top: calc(3 * var(--u));
      }
      .hint {
        margin-top: 0;
      }
    `,
  ];

  @property({ attribute: false }) app!: KeysListParts;
  readonly #on = new Watch(this, () => this.app.keys.$on);

  protected override render(): TemplateResult {
    return html`<table>
        <thead class="off-screen">
          <tr>
            <th scope="col">${KEY}</th>
            <th scope="col">${WHAT_IT_DOES}</th>
          </tr>
        </thead>
        <tbody>
          ${KEY_LINES.map(
            ({ keys, does }) =>
              html`<tr>
                <th scope="row">${keys.map((key) => html`<kbd>${key}</kbd> `)}</th>
                <td>${does}</td>
              </tr>`,
          )}
        </tbody>
      </table>
      <p class="small soft">${WHERE_NOT}</p>
      <label class="choice">
        <input type="checkbox" .checked=${this.#on.value} aria-describedby="hint" @change=${this.#turn} />
        ${SINGLE_KEYS}
      </label>
      <p class="hint" id="hint">${SINGLE_KEYS_HINT}</p>`;
  }

  #turn(event: Event & { readonly currentTarget: HTMLInputElement }): void {
    this.app.keys.turn(event.currentTarget.checked);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'keys-list': KeysList;
  }
}
