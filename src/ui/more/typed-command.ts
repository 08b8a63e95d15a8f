import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { BOARD_COMMANDS, type BoardCommand } from '../../words/more/board-commands.ts';
import { COMMAND_WORDS, COPY } from '../../words/more/prepare-board.ts';
import '../kit/copy-button.ts';
import { base } from '../kit/style/base.ts';

/** What is typed at one point of the guide: where, and a button that copies it. */
@customElement('typed-command')
export class TypedCommand extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        margin-top: calc(2 * var(--u));
      }
      p {
        display: flex;
        justify-content: space-between;
        align-items: center;
        gap: calc(2 * var(--u));
      }
      pre {
        margin: var(--u) 0 0;
        padding: calc(3 * var(--u));
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--sheet);
        overflow-x: auto;
        font-family: var(--mono);
        font-size: var(--small);
        user-select: all;
      }
    `,
  ];

  @property({ attribute: false }) command!: BoardCommand;

  protected override render(): TemplateResult {
    const text = BOARD_COMMANDS[this.command];
    const { where, what } = COMMAND_WORDS[this.command];
    return html`<p class="small soft">${where}<copy-button .text=${text} .label=${what}>${COPY}</copy-button></p>
      <pre role="group" tabindex="0" aria-label="${where}: ${what}">${text}</pre>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'typed-command': TypedCommand;
  }
}
