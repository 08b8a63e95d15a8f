import { css, html, LitElement, type SVGTemplateResult, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { App } from '../../state/app.ts';
import { cellLook, needsAttention, type CellLook } from '../../state/rollout/rollout-standing.ts';
import { EDIT } from '../../words/kit/buttons.ts';
import { editLabel, lineInWords, progressInWords, REMOVED_DEVICE } from '../../words/rollout/rollout-progress.ts';
import type { UpdateView } from '../../state/update/update-view.ts';
import type { Device } from '../../model/device/device.ts';
import type { RolloutLine as Line } from '../../model/rollout/rollout-state.ts';
import type { UpdateErrorCode } from '../../model/update/error-codes.ts';
import { OpenDeviceEvent } from '../kit/events.ts';
import {
  failedShape,
  goodShape,
  needsAttentionShape,
  stillShape,
  waitingShape,
  workingShape,
} from '../kit/style/icons.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import { Watch } from '../kit/watch/watch.ts';
import type { DescribeUpdate } from '../../words/update/told.ts';

/** What of the app one device of a rollout draws from. */
export type RolloutLineParts = Pick<App, 'devices' | 'updates'>;

/** One device of a rollout: how it stands, and why, where it was skipped or failed. */
@customElement('rollout-line')
export class RolloutLineElement extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: grid;
        grid-template-columns: 20px 1fr auto;
        gap: 0 calc(2 * var(--u));
        padding: calc(2.5 * var(--u)) 0;
      }
      .name {
        min-width: 0;
        font-weight: 500;
        overflow-wrap: anywhere;
      }
      .title {
        max-width: 22ch;
        text-align: end;
      }
      .detail {
        grid-column: 2 / -1;
        overflow-wrap: anywhere;
      }
      button {
        grid-column: 2 / -1;
        justify-self: start;
      }
      .well svg {
        color: var(--accent);
      }
      .skipped svg {
        color: var(--amber);
      }
      .failed svg,
      .failed.title {
        color: var(--red);
      }
      .waiting,
      .not-started,
      .cancelled {
        color: var(--ink-soft);
      }
    `,
  ];

  @property({ attribute: false }) app!: RolloutLineParts;
  @property({ attribute: false }) describe!: DescribeUpdate;
  @property() deviceId = '';
  @property() version: string | null = null;
  @property({ attribute: false }) line!: Line;
  readonly #update = new Watch(
    this,
    () => this.app.updates.$update(this.deviceId),
    // Every chunk moves the number; only the whole percent is drawn.
    (now, before) => this.line.kind === 'running' && progressText(now) !== progressText(before),
  );

  protected override render(): TemplateResult {
    const { line } = this;
    const look = cellLook(line);
    const device = this.app.devices.find(this.deviceId);
    const name = device?.name ?? REMOVED_DEVICE;
    const { title, detail } = lineInWords(line, { device: name, version: this.version }, this.describe);
    return html`<span class=${look}>${SHAPES[look]}</span>
      <span class="name">${name}</span>
      <span class="title small numbers ${look}"
        >${line.kind === 'running' ? progressText(this.#update.value) : title}</span
      >
      ${
        detail === '' || (look === 'well' && line.kind === 'ended' && line.whole !== null)
          ? null
          : html`<p class="detail small">${detail}</p>`
      }
      ${
        device === undefined || !needsAttention(line)
          ? null
          : html`<button class="link" aria-label=${editLabel(name)} @click=${() => this.#edit(device)}>${EDIT}</button>`
      }`;
  }

  /** What is said of the device may ask to check its address or its token: both are there. */
  #edit(device: Device): void {
    const isToken = failureOf(this.line) === 'unauthorised';
    this.dispatchEvent(new OpenDeviceEvent({ kind: 'saved', device, ...(isToken ? { field: 'token' as const } : {}) }));
  }
}

const SHAPES: Readonly<Record<CellLook, SVGTemplateResult>> = {
  waiting: waitingShape,
  running: workingShape,
  well: goodShape,
  failed: failedShape,
  skipped: needsAttentionShape,
  cancelled: stillShape,
  'not-started': stillShape,
};

function failureOf(line: Line): UpdateErrorCode | null {
  if (line.kind === 'skipped') return 'failed' in line.why ? line.why.failed.code : null;
  return line.kind === 'ended' && line.whole?.outcome === 'failed' ? line.whole.code : null;
}

function progressText(view: UpdateView): string {
  return progressInWords(view.kind === 'running' ? { title: view.words.title, ...view.state.progress } : null);
}

declare global {
  interface HTMLElementTagNameMap {
    'rollout-line': RolloutLineElement;
  }
}
