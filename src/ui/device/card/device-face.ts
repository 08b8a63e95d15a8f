import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { DeviceFace, SlotFace } from '../../../state/device/slot-face.ts';
import { faceText, fillText, NO_SLOTS, SLOT_ROLES } from '../../../words/device/card/slot-face.ts';
import { base } from '../../kit/style/base.ts';
import './slot-map.ts';
import type { SlotPicture } from './slot-map.ts';

/** ESP-IDF erases flash in blocks of 4 KiB. */
const BLOCK_BYTES = 4096;
/** Drawn for a slot of unknown size. Any size would do, as nothing in it is filled. */
const SOME_BYTES = 1024 * 1024;

/** A device's slots at rest: which one runs, which one is next, and how full they are. Hollow where nothing is known. */
@customElement('device-face')
export class DeviceFaceElement extends LitElement {
  static override styles = [
    base,
    css`
      .slots {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: calc(4 * var(--u));
      }
      .slots > * {
        min-width: 0;
      }
      /* As high as the numbers of an update, which come in its place. */
      p {
        min-height: calc(2.9 * var(--small));
        margin-top: calc(2 * var(--u));
        font-size: var(--small);
      }
      span {
        display: block;
        overflow: hidden;
        white-space: nowrap;
        text-overflow: ellipsis;
      }
    `,
  ];

  @property({ attribute: false }) face: DeviceFace = { running: null, next: null };

  protected override render(): TemplateResult {
    const { running, next } = this.face;
    return html`<div class="slots" role="img" aria-label=${faceText(running, next)}>
      ${
        running === null
          ? slot(null, html`<span class="soft">${NO_SLOTS}</span>`)
          : slot(running, caption(running, SLOT_ROLES.running), true)
      }
      ${next === null ? slot(null, null) : slot(next, caption(next, SLOT_ROLES.next))}
    </div>`;
  }
}

function slot(face: SlotFace | null, words: TemplateResult | null, runs = false): TemplateResult {
  return html`<div>
    <slot-map steady ?runs=${runs} .progress=${picture(face)}></slot-map>
    <p class="numbers">${words}</p>
  </div>`;
}

function caption(face: SlotFace, role: string): TemplateResult {
  return html`<span><b>${face.label}</b> ${role}</span><span class="soft">${fillText(face)}</span>`;
}

/** Filled: the image that runs. Dots: the room that is left beside it. */
function picture(face: SlotFace | null): SlotPicture {
  const size = face?.size ?? SOME_BYTES;
  const filled = face?.size === null ? null : (face?.filled ?? null);
  return {
    total: filled ?? size,
    acknowledged: filled ?? 0,
    capacityBytes: size,
    blockSize: BLOCK_BYTES,
    inFlight: null,
    retried: [],
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'device-face': DeviceFaceElement;
  }
}
