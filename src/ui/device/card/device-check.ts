import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { App } from '../../../state/app.ts';
import type { CheckView } from '../../../state/device/check/check-view.ts';
import type { Device } from '../../../model/device/device.ts';
import type { Slot } from '../../../model/device/link.ts';
import {
  answerText,
  ASKING_DEVICE,
  CHECK,
  failureText,
  nextSlotText,
  NOT_ASKED,
  RUNS,
} from '../../../words/device/card/device-check.ts';
import { base } from '../../kit/style/base.ts';
import { buttons } from '../../kit/style/buttons.ts';
import { onlyAddsProgram } from '../card-status.ts';
import { Watch } from '../../kit/watch/watch.ts';

export type DeviceCheckParts = Pick<App, 'checks' | 'doctor' | 'updates'>;

/** What the device said when it was asked, and the two slots at rest: which one runs, which one is next. */
@customElement('device-check')
export class DeviceCheck extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      .slots {
        display: flex;
        gap: calc(2 * var(--u));
      }
      .slot {
        flex: 1;
        min-width: 0;
      }
      .slot i {
        display: block;
        height: calc(2 * var(--u));
        border: 1px solid var(--line-strong);
        border-radius: 2px;
      }
      .slot.runs i {
        border-color: var(--accent);
        background: var(--accent);
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 calc(2 * var(--u));
      }
      .line button {
        margin-block: calc(-3 * var(--u));
      }
      .line p {
        flex: 1 1 12em;
      }
      .note {
        padding-inline-start: calc(2 * var(--u));
        border-inline-start: 3px solid var(--amber-mark);
      }
    `,
  ];

  @property({ attribute: false }) app!: DeviceCheckParts;
  @property({ attribute: false }) device!: Device;
  readonly #check = new Watch(this, () => this.app.checks.$check(this.device.id));
  readonly #update = new Watch(
    this,
    () => this.app.updates.$update(this.device.id),
    (now, before) => now.kind !== before.kind,
  );
  readonly #doctor = new Watch(this, () => this.app.doctor.$doctor(this.device.id));

  #drawn: CheckView = { kind: 'unasked' };

  protected override render(): TemplateResult {
    const view = this.#check.value;
    const isAloud = !onlyAddsProgram(view, this.#drawn);
    this.#drawn = view;
    return html`<div class="line small">
        <p aria-live=${isAloud ? 'polite' : 'off'}>
          ${view.kind === 'failed' && this.#doctor.value.kind !== 'nothing' ? failureText(view.code) : this.#said(view)}
        </p>
        <button class="link" ?disabled=${view.kind === 'asking'} @click=${this.#ask}>${CHECK}</button>
      </div>
      ${view.kind === 'answered' ? slots(view.status?.running ?? null, view.status?.next ?? null) : null}
      ${view.kind === 'answered' && view.note !== null ? html`<p class="note small">${view.note}</p>` : null}`;
  }

  #said(view: CheckView): TemplateResult | string {
    switch (view.kind) {
      case 'unasked':
        // An update has asked it all the same, and its words stand below.
        return this.#update.value.kind === 'ended' ? '' : html`<span class="soft">${NOT_ASKED}</span>`;
      case 'asking':
        return ASKING_DEVICE;
      case 'failed':
        return view.words.detail;
      case 'answered':
        return answerText(view);
    }
  }

  #ask(): void {
    void this.app.checks.check(this.device.id);
  }
}

function slots(running: Slot | null, next: Slot | null): TemplateResult | null {
  if (running === null || next === null) return null;
  return html`<div class="slots small">
    <div class="slot runs"><i></i><span class="mono">${running.label}</span> <span class="soft">${RUNS}</span></div>
    <div class="slot">
      <i></i><span class="mono">${next.label}</span>
      <span class="soft numbers">${nextSlotText(next.size)}</span>
    </div>
  </div>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'device-check': DeviceCheck;
  }
}
