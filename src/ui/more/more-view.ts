import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { WholeApp } from '../../state/app.ts';
import { MORE } from '../../words/kit/buttons.ts';
import { HOW_TO_PAIR, PAIR_THIS_BROWSER, UNPAIRED } from '../../words/more/host-note.ts';
import { LOCK_TOKENS } from '../../words/more/lock-panel.ts';
import {
  LICENCES,
  PREPARE,
  PUT_THESE_LINES,
  STAYS_HERE,
  TAKE_ALONG,
  tokensKeptText,
  TRY_IT,
  WHAT_IS_KEPT,
} from '../../words/more/more-view.ts';
import type { AgentPanelParts } from './agent-panel.ts';
import './backup-panel.ts';
import type { BackupPanelParts } from './backup-panel.ts';
import { EMPTY_FORM } from '../../state/device/read-form.ts';
import './host-note.ts';
import type { HostNoteParts } from './host-note.ts';
import './lock-panel.ts';
import type { LockPanelParts } from './lock-panel.ts';
import './install-note.ts';
import type { InstallNoteParts } from './install-note.ts';
import './run-choice.ts';
import type { RunChoiceParts } from './run-choice.ts';
import '../device/dialog/setup-lines.ts';
import { addSimulated, type AddSimulatedParts } from '../device/add-simulated.ts';
import { ADD_SIMULATED, tryItText } from '../../words/device/simulated.ts';
import { OpenSheetEvent } from '../kit/events.ts';
import { SHOW_KEYS } from '../../words/kit/keys-list.ts';
import { sections } from '../section-styles.ts';
import { HOW_TO_PREPARE } from '../../words/more/prepare-link.ts';
import { focusOn } from '../kit/keep-focus.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import { Watch } from '../kit/watch/watch.ts';

/** What of the app the place "More" draws from. */
export type MoreViewParts = Pick<WholeApp, 'host' | 'setup'> &
  AddSimulatedParts &
  BackupPanelParts &
  HostNoteParts &
  InstallNoteParts &
  LockPanelParts &
  RunChoiceParts &
  AgentPanelParts;

/** How to prepare a device, reach the host and install the page, what is kept where, and the simulated devices. */
@customElement('more-view')
export class MoreView extends LitElement {
  static override styles = [
    base,
    buttons,
    sections,
    css`
      :host {
        max-width: 68ch;
      }
      h1 {
        font-size: var(--title);
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

  @property({ attribute: false }) app!: MoreViewParts;
  @query('#import') readonly importing!: HTMLElement;
  /** For a device of its own: the same for as long as this place is shown. */
  @state() lines: Promise<string> | null = null;
  readonly #offers = new Watch(this, () => this.app.host.$offers);

  protected override willUpdate(): void {
    this.lines ??= this.app.setup.linesFor({ ...EMPTY_FORM, token: '…' });
  }

  protected override render(): TemplateResult {
    const { setup } = this.app;
    const { simulated, pairing, agent = false } = this.#offers.value;
    return html`<h1 tabindex="-1">${MORE}</h1>
      ${pairing === 'needed' ? HOW_THIS_ONE_PAIRS : null}
      ${agent ? html`<agent-panel .app=${this.app}></agent-panel>` : null}
      <h2>${PREPARE}</h2>
      <p>${PUT_THESE_LINES.before}<code>app.run(…)</code>${PUT_THESE_LINES.after}</p>
      <p><a class="place" href="#/prepare">${HOW_TO_PREPARE}</a></p>
      <setup-lines .lines=${this.lines}></setup-lines>
      <run-choice .app=${this.app}></run-choice>
      <host-note .app=${this.app}></host-note>
      <install-note .app=${this.app}></install-note>
      <h2>${LOCK_TOKENS}</h2>
      <lock-panel .app=${this.app}></lock-panel>
      <h2 id="import">${TAKE_ALONG}</h2>
      <backup-panel .app=${this.app}></backup-panel>
      <h2>${WHAT_IS_KEPT}</h2>
      <p>${STAYS_HERE}</p>
      <p>${tokensKeptText(setup.secure)}</p>
      <h2>${TRY_IT}</h2>
      <p>${tryItText(simulated.length)}</p>
      <p><button @click=${() => addSimulated(this.app)}>${ADD_SIMULATED}</button></p>
      <p><button @click=${this.#keys}>${SHOW_KEYS}</button></p>
      <p class="small"><a class="place" href="licences.txt">${LICENCES}</a></p>`;
  }

  /** A person who came to import a list is taken to the place for it. All others begin at the top. */
  protected override firstUpdated(): void {
    // As the page without a device links to it.
    if (!window.location.hash.endsWith('?import')) return;
    focusOn(this.importing, false);
    // What stands above it draws itself before the next frame, but for the lines, whose code may be on its way.
    const scroll = (): unknown => requestAnimationFrame(() => this.importing.scrollIntoView());
    void this.lines?.then(scroll, scroll);
  }

  /** Few hosts have an agent, and only they bring its code. */
  protected override updated(): void {
    if (this.#offers.value.agent === true) {
      // Where it cannot be had, the host is out of reach, and its agent with it.
      void import('./agent-panel.ts').catch(() => undefined);
    }
  }

  #keys(): void {
    this.dispatchEvent(new OpenSheetEvent({ kind: 'keys' }));
  }
}

const HOW_THIS_ONE_PAIRS = html`<h2>${PAIR_THIS_BROWSER}</h2>
  <p>${UNPAIRED}</p>
  <p>${HOW_TO_PAIR}</p>`;

declare global {
  interface HTMLElementTagNameMap {
    'more-view': MoreView;
  }
}
