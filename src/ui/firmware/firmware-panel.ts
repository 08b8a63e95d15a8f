import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Inspection } from '../../model/firmware/inspection.ts';
import type { App } from '../../state/app.ts';
import type { Firmware } from '../../state/firmware/chosen.ts';
import { projectOf, versionOf } from '../../state/update/update-view.ts';
import { fact } from '../kit/fact.ts';
import { hashFact } from '../kit/hash-fact.ts';
import { failedShape, goodShape, needsAttentionShape } from '../kit/style/icons.ts';
import { chipName } from '../../words/firmware/chip-name.ts';
import {
  choosingHint,
  innerFileLabel,
  INSIDE,
  KEEP_IT,
  NOT_KEPT,
  NOT_STATED,
  READING,
  readingText,
  SIZE,
  WHAT_TO_SEND,
} from '../../words/firmware/firmware-panel.ts';
import { CHIP, VERSION } from '../../words/kit/fields.ts';
import { bytesInWords, percentOf } from '../../words/kit/quantities.ts';
import { WATCH, WATCH_A_FILE } from '../../words/firmware/watch-pill.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import { Watch } from '../kit/watch/watch.ts';
import './file-field.ts';
import type { FileField, FileFieldParts, FileFieldUse } from './file-field.ts';
import type { FilePictureParts } from './file-picture.ts';
import './kept-files.ts';
import type { KeptFilesParts } from './kept-files.ts';

/** What of the app the panel of the chosen file draws from. */
export type FirmwarePanelParts = Pick<App, 'firmware' | 'watch'> & FileFieldParts & FilePictureParts & KeptFilesParts;

/** What is going to be sent: name, version, chip, size, hash and verdict, or the way to choose it. */
@customElement('firmware-panel')
export class FirmwarePanel extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      section {
        display: flex;
        flex-direction: column;
        gap: calc(3 * var(--u));
      }
      h2 {
        font-size: var(--large);
      }
      .head {
        display: flex;
        align-items: flex-start;
        justify-content: space-between;
        gap: calc(3 * var(--u));
      }
      /* In a narrow column the buttons stand below a name of some length. */
      .head {
        flex-wrap: wrap;
      }
      .head > :first-child {
        flex: 1 1 18ch;
      }
      .head .row,
      file-field {
        flex: none;
      }
      .watch {
        align-self: flex-start;
      }
      /* Nobody builds firmware on a phone. "Firmware" has it there, too. */
      @media (hover: none) {
        .watch {
          display: none;
        }
      }
      dl {
        display: flex;
        flex-wrap: wrap;
        gap: calc(2 * var(--u)) calc(5 * var(--u));
      }
      dt {
        color: var(--ink-soft);
        font-size: var(--small);
      }
      .verdict {
        display: flex;
        gap: calc(2 * var(--u));
        overflow-wrap: anywhere;
      }
      .accept svg {
        color: var(--accent);
      }
      .warn svg {
        color: var(--amber);
      }
      .refuse svg,
      .refuse strong {
        color: var(--red);
      }
      progress {
        width: 100%;
        height: 6px;
        appearance: none;
        border: 0;
        border-radius: 3px;
        background: var(--line);
        overflow: hidden;
      }
      progress::-webkit-progress-bar {
        background: var(--line);
      }
      progress::-webkit-progress-value {
        background: var(--accent);
      }
      progress::-moz-progress-bar {
        background: var(--accent);
      }
      /* The system's own bar. */
      @media (forced-colors: active) {
        progress {
          height: auto;
          appearance: auto;
        }
      }
    `,
  ];

  @property({ attribute: false }) app!: FirmwarePanelParts;
  /** Draws the picture of the file beneath. */
  @property({ type: Boolean }) detailed = false;
  @state() nudged = false;
  @query('file-field') readonly field!: FileField;
  readonly #chosen = new Watch(this, () => this.app.firmware.$chosen);

  /** Shows where to begin: somebody wants to send, and nothing is chosen. */
  nudge(): void {
    this.nudged = true;
    this.field.focus();
    this.scrollIntoView({ block: 'nearest' });
  }

  /** While a file is read the panel stays as tall as it was: what is below would come up and go down again. */
  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const { style } = this;
    if (this.#chosen.value.kind !== 'reading') style.minHeight = '';
    else if (style.minHeight === '') style.minHeight = `${this.getBoundingClientRect().height}px`;
  }

  protected override render(): TemplateResult {
    return html`<section aria-label=${WHAT_TO_SEND}>${this.#content()}</section>`;
  }

  #content(): TemplateResult {
    const chosen = this.#chosen.value;
    switch (chosen.kind) {
      case 'none':
        return html`${this.#field('first')}
          <p class="small ${this.nudged ? '' : 'soft'}" aria-live="polite">${choosingHint(this.nudged)}</p>
          ${this.#watchButton(WATCH_A_FILE)}
          <kept-files .app=${this.app}></kept-files>`;
      case 'reading': {
        const percent = percentOf(chosen.hashed, chosen.size);
        return html`<h2>${chosen.name}</h2>
          <p class="soft small numbers">${readingText(chosen.size, percent)}</p>
          <progress max="100" .value=${percent} aria-label=${READING}></progress>
          ${this.#field('another')}`;
      }
      case 'unreadable':
        return html`<h2>${chosen.name}</h2>
          <p class="verdict refuse" role="alert">${failedShape}<span>${chosen.told}</span></p>
          ${this.#field('another')}`;
      case 'ready':
        return this.#ready(chosen.firmware);
    }
  }

  #ready(firmware: Firmware): TemplateResult {
    const { inspection, sha256 } = firmware;
    const { chip, verdict } = inspection;
    const named = firmware.label ?? projectOf(inspection) ?? firmware.name;
    const version = versionOf(inspection);
    return html`<div class="head">
        <div>
          <h2>${named}</h2>
          ${named === firmware.name ? null : html`<p class="small soft mono">${firmware.name}</p>`}
        </div>
        <div class="row">${this.#field('change')}${this.#watchButton(WATCH)}</div>
      </div>
      <dl class="numbers">
        ${fact(VERSION, version ?? html`<span class="soft">${NOT_STATED}</span>`)}
        ${chip === null ? null : fact(CHIP, chipName(chip.id))} ${fact(SIZE, bytesInWords(firmware.bytes.length))}
        ${hashFact(sha256)}
      </dl>
      <p class="verdict ${verdict}" role="status">${verdictShape(verdict)}<span>${firmware.told}</span></p>
      ${
        firmware.offered !== true || firmware.kept
          ? null
          : html`<p class="row small">
              <span>${NOT_KEPT}</span>
              <button @click=${() => this.app.firmware.keepChosen()}>${KEEP_IT}</button>
            </p>`
      }
      ${this.#inside(inspection)}
      ${
        this.detailed
          ? html`<file-picture .app=${this.app} .inspection=${inspection} .from=${firmware.from}></file-picture>`
          : null
      }`;
  }

  #inside({ inside }: Inspection): TemplateResult | null {
    if (inside.length === 0) return null;
    return html`<div class="row" role="group" aria-label=${INSIDE}>
      ${inside.map(
        (inner, index) =>
          html`<button class=${index === 0 ? 'next' : ''} @click=${() => this.app.firmware.useInside(inner)}>
            ${innerFileLabel(inner)}
          </button>`,
      )}
    </div>`;
  }

  #field(use: FileFieldUse): TemplateResult {
    return html`<file-field .app=${this.app} .use=${use}></file-field>`;
  }

  /** Nothing where the browser lets no page look at a file again. */
  #watchButton(words: string): TemplateResult | null {
    const { watch } = this.app;
    if (watch === null || !('showOpenFilePicker' in window)) return null;
    return html`<button class="watch" aria-label=${WATCH_A_FILE} @click=${async () => (await watch()).choose()}>
      ${words}
    </button>`;
  }
}

function verdictShape(verdict: Inspection['verdict']): TemplateResult {
  return verdict === 'accept' ? goodShape : verdict === 'warn' ? needsAttentionShape : failedShape;
}

declare global {
  interface HTMLElementTagNameMap {
    'firmware-panel': FirmwarePanel;
  }
}
