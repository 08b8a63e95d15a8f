import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { DeviceSheetParts } from '../device/dialog/device-sheet.ts';
import type { HelpReportParts } from '../history/help-report.ts';
import { CLOSE, REPORT_FOR_HELP, SCAN_A_CODE } from '../../words/kit/buttons.ts';
import { MORE_ABOUT_DEVICE } from '../../words/device/dialog/device-sheet.ts';
import { KEYS } from '../../words/kit/keys-list.ts';
import type { KeysListParts } from './keys-list.ts';
import { dialogs } from '../kit/style/dialog-styles.ts';
import type { Sheet } from '../kit/events.ts';
import { openModal } from '../kit/modal.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';

const TITLES: Readonly<Record<Sheet['kind'], string>> = {
  report: REPORT_FOR_HELP,
  device: MORE_ABOUT_DEVICE,
  scan: SCAN_A_CODE,
  keys: KEYS,
};

export type SheetDialogParts = DeviceSheetParts & HelpReportParts & KeysListParts;

/** A sheet over the page with one thing in it. */
@customElement('sheet-dialog')
export class SheetDialog extends LitElement {
  static override styles = [
    base,
    buttons,
    dialogs,
    css`
      .head {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: calc(3 * var(--u));
        margin: calc(-2 * var(--u)) calc(-2.5 * var(--u)) calc(2 * var(--u)) 0;
      }
    `,
  ];

  @property({ attribute: false }) app!: SheetDialogParts;
  @property({ attribute: false }) sheet: Sheet | null = null;
  @query('dialog') readonly dialog!: HTMLDialogElement;

  protected override willUpdate(changed: PropertyValues<this>): void {
    // The camera's code is large, and most phones never need it.
    if (changed.has('sheet') && this.sheet?.kind === 'scan') void import('./scan-code.ts');
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('sheet')) return;
    if (this.sheet !== null && !this.dialog.open) openModal(this.dialog);
    if (this.sheet === null && this.dialog.open) this.dialog.close();
  }

  protected override render(): TemplateResult {
    return html`<dialog aria-labelledby="title" @close=${this.#closed}>
      ${
        this.sheet === null
          ? null
          : html`<div class="head">
                <h2 id="title">${TITLES[this.sheet.kind]}</h2>
                <button class="quiet" @click=${this.#close}>${CLOSE}</button>
              </div>
              ${this.#content(this.sheet)}`
      }
    </dialog>`;
  }

  #content(sheet: Sheet): TemplateResult {
    switch (sheet.kind) {
      case 'device':
        return html`<device-sheet .app=${this.app} .device=${sheet.device} @close=${this.#close}></device-sheet>`;
      case 'keys':
        return html`<keys-list .app=${this.app}></keys-list>`;
      case 'scan':
        return html`<scan-code></scan-code>`;
      case 'report':
        return html`<help-report .app=${this.app} .updateId=${sheet.updateId}></help-report>`;
    }
  }

  #close(): void {
    this.dialog.close();
  }

  #closed(): void {
    // The event comes late: the dialog may have been opened again.
    if (!this.dialog.open) this.dispatchEvent(new Event('close'));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'sheet-dialog': SheetDialog;
  }
}
