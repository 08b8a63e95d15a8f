import { css, html, LitElement, type SVGTemplateResult, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { App } from '../../state/app.ts';
import { cellOf, lineInWords, needsSomebody } from '../../words/rollout-words.ts';
import type { UpdateView } from '../../state/update/update-view.ts';
import type { Device } from '../../model/device.ts';
import type { RolloutLine as Line } from '../../model/rollout-state.ts';
import { OpenDeviceEvent } from '../kit/events.ts';
import { failedShape, goodShape, needsYouShape, stillShape, waitingShape, workingShape } from '../kit/icons.ts';
import { percentOf } from '../../words/quantities.ts';
import { base, buttons } from '../kit/theme.ts';
import { Watch } from '../kit/watch.ts';
import type { DescribeUpdate } from '../../words/describe.ts';

/** One device of a rollout: how it stands, and why where it was left out or failed. */
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
      .left-out svg {
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

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) describe!: DescribeUpdate;
  @property() deviceId = '';
  @property() version: string | null = null;
  @property({ attribute: false }) line!: Line;
  readonly #update = new Watch(
    this,
    () => this.app.updates.$update(this.deviceId),
    // Every chunk moves the number; only the whole percent is drawn.
    (now, before) => this.line.kind === 'running' && far(now) !== far(before),
  );

  protected override render(): TemplateResult {
    const { line } = this;
    const look = cellOf(line);
    const device = this.app.devices.find(this.deviceId);
    const name = device?.name ?? 'A device that was removed';
    const { title, detail } = lineInWords(line, { device: name, version: this.version }, this.describe);
    return html`<span class=${look}>${SHAPES[look]}</span>
      <span class="name">${name}</span>
      <span class="title small numbers ${look}">${line.kind === 'running' ? far(this.#update.value) : title}</span>
      ${
        detail === '' || (look === 'well' && line.kind === 'ended' && line.whole !== null)
          ? null
          : html`<p class="detail small">${detail}</p>`
      }
      ${
        device === undefined || !needsSomebody(line)
          ? null
          : html`<button class="link" aria-label="Edit ${name}" @click=${() => this.#edit(device)}>Edit</button>`
      }`;
  }

  /** What the words above may tell to look for. */
  #edit(device: Device): void {
    this.dispatchEvent(new OpenDeviceEvent({ kind: 'saved', device }));
  }
}

const SHAPES: Readonly<Record<ReturnType<typeof cellOf>, SVGTemplateResult>> = {
  waiting: waitingShape,
  running: workingShape,
  well: goodShape,
  failed: failedShape,
  'left-out': needsYouShape,
  cancelled: stillShape,
  'not-started': stillShape,
};

/** "Writing, 42 %"; what is not about bytes has no number. */
function far(view: UpdateView): string {
  if (view.kind !== 'running') return 'Getting ready';
  const { acknowledged, total } = view.state.progress;
  return acknowledged === 0 || acknowledged === total
    ? view.words.title
    : `${view.words.title}, ${percentOf(acknowledged, total)} %`;
}

declare global {
  interface HTMLElementTagNameMap {
    'rollout-line': RolloutLineElement;
  }
}
