import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Device } from '../../model/device/device.ts';
import type { OutcomeName } from '../../model/update/update-state.ts';
import type { App } from '../../state/app.ts';
import type { Firmware } from '../../state/firmware/chosen.ts';
import { projectOf } from '../../state/update/update-view.ts';
import { arrowDownIcon } from './style/icons.ts';
import {
  ASKED_FIRST,
  DROP_TO_CHECK,
  dropForText,
  NEXT_BUILD_AT_ONCE,
  NOTHING_SENT_BY_DROPPING,
} from '../../words/kit/drop-zone.ts';
import { targetAt, type DeviceTarget } from './device-target.ts';
import { isField } from './fields.ts';
import { isModalOpen } from './modal.ts';
import { base } from './style/base.ts';

/** A drag that goes on is told of every 350 ms, give or take 200 (HTML). After more than that nothing hovers any more. */
const HOVER_TIMEOUT_MS = 1_000;

export type DropZoneParts = Pick<App, 'firmware' | 'fits' | 'notices' | 'questions' | 'updates'>;

/**
 * The whole window takes a drop, and says what will happen while a file hovers: on a device's card or row it is for that
 * device, and sent after one question. The next build of the same firmware needs none (docs/decisions/dropped-builds.md).
 * Under a dialog no device is aimed at: the file is chosen, and that is all. It takes a file that is pasted, too.
 */
@customElement('drop-zone')
export class DropZone extends LitElement {
  static override styles = [
    base,
    css`
      .veil {
        /* Where the browser has no popovers, over all but an open dialog. */
        position: fixed;
        inset: 0;
        z-index: 20;
        display: grid;
        place-items: center;
        width: auto;
        height: auto;
        border: 0;
        padding: calc(6 * var(--u));
        background: var(--veil);
      }
      .veil div {
        /* One target under the whole drag: inside a shadow tree the window hears of no crossing, and a drop just then is lost. */
        pointer-events: none;
        display: flex;
        flex-direction: column;
        align-items: center;
        gap: calc(2 * var(--u));
        max-width: 360px;
        padding: calc(8 * var(--u));
        border: 2px dashed var(--accent);
        border-radius: var(--radius);
        background: var(--sheet);
        box-shadow: var(--shadow);
        text-align: center;
      }
      b {
        font-size: var(--large);
      }
      svg {
        color: var(--accent);
      }
    `,
  ];

  @property({ attribute: false }) app!: DropZoneParts;
  /** The page is at a place that does not show what will be sent. */
  @property({ type: Boolean }) elsewhere = false;
  @state() hovering = false;
  @state() target: DeviceTarget | null = null;
  @query('.veil') readonly veil!: HTMLElement | null;
  #timeout: number | undefined;
  /** By device: the firmware that was dropped on it in this visit, agreed to, and ended well there. */
  readonly #agreed = new Map<string, string>();

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('dragenter', this.#hover);
    window.addEventListener('dragover', this.#hover);
    window.addEventListener('dragleave', this.#leave);
    window.addEventListener('drop', this.#drop);
    window.addEventListener('paste', this.#paste);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('dragenter', this.#hover);
    window.removeEventListener('dragover', this.#hover);
    window.removeEventListener('dragleave', this.#leave);
    window.removeEventListener('drop', this.#drop);
    window.removeEventListener('paste', this.#paste);
    window.clearTimeout(this.#timeout);
  }

  protected override render(): TemplateResult | null {
    const { target } = this;
    if (!this.hovering) return null;
    return html`<div class="veil" popover="manual">
      <div>
        ${arrowDownIcon}<b>${target === null ? DROP_TO_CHECK : dropForText(target.device.name)}</b
        ><span
          >${
            target === null
              ? NOTHING_SENT_BY_DROPPING
              : this.#agreed.has(target.device.id)
                ? NEXT_BUILD_AT_ONCE
                : ASKED_FIRST
          }</span
        >
      </div>
    </div>`;
  }

  /** Over a dialog, too, which would hide what will happen. */
  protected override updated(changed: PropertyValues<this>): void {
    const { veil } = this;
    if (changed.has('hovering') && veil !== null && 'showPopover' in veil) veil.showPopover();
  }

  readonly #hover = (event: DragEvent): void => {
    if (!holdsFiles(event)) return;
    // On both: what is let go in the moment when it comes over another element has only entered that one.
    event.preventDefault();
    window.clearTimeout(this.#timeout);
    // An element that was drawn away from under the pointer tells nobody that it was left.
    this.#timeout = window.setTimeout(this.#end, HOVER_TIMEOUT_MS);
    this.hovering = true;
    this.#aim(aimedAt(event));
  };

  readonly #leave = (event: DragEvent): void => {
    // Out of the window; every other leave is for a neighbour.
    if (event.relatedTarget === null) this.#end();
  };

  readonly #end = (): void => {
    window.clearTimeout(this.#timeout);
    this.hovering = false;
    this.#aim(null);
  };

  readonly #drop = (event: DragEvent): void => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    this.#end();
    void this.#take(event.dataTransfer, aimedAt(event)?.device ?? null);
  };

  readonly #paste = (event: ClipboardEvent): void => {
    if (isField(event.composedPath()[0])) return;
    void this.#take(event.clipboardData, null);
  };

  /** A style of its own, since the element may be of any kind. */
  #aim(target: DeviceTarget | null): void {
    if (target === this.target) return;
    this.target?.host.style.removeProperty('outline');
    target?.host.style.setProperty('outline', '3px solid var(--accent)');
    this.target = target;
  }

  async #take(data: DataTransfer | null, device: Device | null): Promise<void> {
    const files = [...(data?.files ?? [])];
    if (files.length === 0) return;
    if (this.elsewhere) window.location.hash = '#/devices';
    const { firmware, notices, questions, updates } = this.app;
    const chosen = await firmware.choose(files);
    if (device === null || chosen?.kind !== 'ready' || chosen.firmware.inspection.verdict === 'refuse') return;
    const { kind } = updates.$update(device.id).get();
    // It takes one at a time: the file waits, chosen, as after any drop.
    if (kind === 'running' || kind === 'preparing') return;
    const { id } = device;
    const { name, sha256 } = chosen.firmware;
    const product = this.#productFor(device, chosen.firmware);
    const isAgreed = product !== null && product === this.#agreed.get(id);
    if (!isAgreed && !(await questions.ask({ kind: 'send-dropped', device, firmware: name }))) return;
    const takeAway = isAgreed
      ? notices.show({ kind: 'sent-dropped', device: device.name, firmware: name }, () => updates.cancel(id))
      : null;
    this.#agreed.delete(id);
    // The very file of the question, whatever is chosen by then.
    const started = await updates.start(id, { sha256 }).finally(() => takeAway?.());
    const agreed = productOf(chosen.firmware);
    if (agreed !== null && started.kind === 'ended' && WENT_WELL.has(started.state.outcome))
      this.#agreed.set(id, agreed);
  }

  /** What the file is, where nothing at all speaks against sending it; else null. */
  #productFor(device: Device, firmware: Firmware): string | null {
    const { has, misfit, otherProduct, unknownChip } = this.app.fits.between(device, firmware);
    const isPlain = has === null && misfit === null && otherProduct === null && unknownChip === null;
    return isPlain && firmware.inspection.verdict === 'accept' ? productOf(firmware) : null;
  }
}

const WENT_WELL: ReadonlySet<OutcomeName> = new Set<OutcomeName>(['updated', 'accepted', 'staged']);

/** Null where the file does not say. */
function productOf({ inspection }: Firmware): string | null {
  const project = projectOf(inspection);
  return project === null || inspection.chip === null ? null : `${inspection.chip.id} ${project}`;
}

/** None under a dialog: nobody aims at what is covered. */
function aimedAt({ clientX, clientY }: DragEvent): DeviceTarget | null {
  return isModalOpen() ? null : targetAt(clientX, clientY);
}

function holdsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

declare global {
  interface HTMLElementTagNameMap {
    'drop-zone': DropZone;
  }
}
