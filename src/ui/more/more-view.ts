import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { WholeApp } from '../../state/app.ts';
import './backup-panel.ts';
import { EMPTY } from '../device/device-form.ts';
import './host-note.ts';
import './lock-panel.ts';
import './install-note.ts';
import '../device/setup-lines.ts';
import { addSimulated } from '../device/simulated.ts';
import { ADD_SIMULATED, tryItText } from '../../words/simulated.ts';
import { base, buttons } from '../kit/theme.ts';
import { Watch } from '../kit/watch.ts';

/** What is kept where, how to prepare a device, and the simulated devices. */
@customElement('more-view')
export class MoreView extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      :host {
        max-width: 68ch;
      }
      h1 {
        font-size: var(--title);
      }
      h2 {
        font-size: var(--large);
        margin: calc(6 * var(--u)) 0 calc(2 * var(--u));
      }
      p + p {
        margin-top: calc(2 * var(--u));
      }
      .place {
        display: inline-flex;
        align-items: center;
        min-height: var(--target);
      }
      setup-lines {
        --ground: var(--sheet);
      }
    `,
  ];

  @property({ attribute: false }) app!: WholeApp;
  readonly #offers = new Watch(this, () => this.app.host.$offers);

  protected override render(): TemplateResult {
    const { setup } = this.app;
    const { simulated } = this.#offers.value;
    return html`<h1 tabindex="-1">More</h1>
      <h2>Prepare a device</h2>
      <p>
        Put these lines into the program on the device, in place of its own <code>app.run(…)</code>. “New token” in the
        device’s dialog makes a token and shows the lines with it.
      </p>
      <setup-lines .lines=${setup.linesFor({ ...EMPTY, token: '…' })}></setup-lines>
      <host-note .app=${this.app}></host-note>
      <install-note .app=${this.app}></install-note>
      <h2>Lock the tokens</h2>
      <lock-panel .app=${this.app}></lock-panel>
      <h2>Take devices along</h2>
      <backup-panel .app=${this.app}></backup-panel>
      <h2>What is kept, and where</h2>
      <p>Devices, firmware and the history stay in this browser. Nothing goes anywhere but to your devices.</p>
      <p>
        ${
          setup.secure
            ? 'Tokens are encrypted under a key that a script cannot carry away. That does not protect against a script that runs in this page, nor against somebody who copies the whole browser profile.'
            : 'This page is not encrypted, so tokens are forgotten when it is closed, unless you ticked to keep one.'
        }
      </p>
      <h2>Try it</h2>
      <p>${tryItText(simulated.length)}</p>
      <p><button @click=${() => addSimulated(this.app)}>${ADD_SIMULATED}</button></p>
      <p class="small"><a class="place" href="licences.txt">Licences of Moult and of what it is made of</a></p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'more-view': MoreView;
  }
}
