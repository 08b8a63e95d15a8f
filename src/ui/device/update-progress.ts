import { css, html, LitElement, type PropertyDeclaration, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { noProgress, type UpdateView } from '../../state/update/update-view.ts';
import type { UpdatesState } from '../../state/update/updates.ts';
import type { Device } from '../../model/device/device.ts';
import type { Progress } from '../../model/update/update-state.ts';
import { percentOf, speedInWords } from '../../words/kit/quantities.ts';
import {
  bytesText,
  progressLabel,
  progressText,
  RESTARTS,
  retriesText,
  SPEED,
  startedOverText,
  TIME_LEFT,
  timeLeftText,
  TOOK,
  tookText,
  TRIES,
  WRITTEN,
} from '../../words/update/update-progress.ts';
import './slot-map.ts';
import { base } from '../kit/theme.ts';
import { Watch } from '../kit/watch.ts';

export interface UpdateProgressParts {
  readonly updates: Pick<UpdatesState, '$update'>;
}

/** How far one device's update is: the slot map and its numbers. The only element that draws every chunk. */
@customElement('update-progress')
export class UpdateProgress extends LitElement {
  static override styles = [
    base,
    css`
      dl {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        align-content: start;
        gap: 0 calc(4 * var(--u));
        margin-top: calc(2 * var(--u));
        /* Two lines, also where one is enough for now: what is below stays where it is. */
        min-height: calc(2.9 * var(--small));
        font-size: var(--small);
        color: var(--ink-soft);
      }
      .percent {
        color: var(--ink);
        font-weight: 600;
      }
    `,
  ];

  @property({ attribute: false }) app!: UpdateProgressParts;
  @property({ attribute: false }) device!: Device;
  readonly #update = new Watch(this, () => this.app.updates.$update(this.device.id));

  #drawNow: (() => void) | null = null;

  /** Once a frame is enough, however fast chunks are acknowledged; a hidden page draws nothing. */
  protected override async scheduleUpdate(): Promise<void> {
    if (this.#update.value.kind === 'running') {
      await new Promise<void>((resolve) => {
        this.#drawNow = resolve;
        requestAnimationFrame(() => resolve());
      });
    }
    await super.scheduleUpdate();
  }

  /** The outcome's words and its bytes come together: the end does not wait for a frame. */
  override requestUpdate(name?: PropertyKey, before?: unknown, options?: PropertyDeclaration): void {
    super.requestUpdate(name, before, options);
    if (this.hasUpdated && this.#update.value.kind !== 'running') this.#drawNow?.();
  }

  protected override render(): TemplateResult | null {
    const view = this.#update.value;
    const progress = progressOf(view);
    if (progress === null) return null;
    const percent = shownPercent(view, progress);
    return html`
      <div
        role="progressbar"
        aria-label=${progressLabel(this.device.name)}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${percent}
        aria-valuetext=${progressText(percent, progress)}
      >
        <slot-map steady .progress=${progress}></slot-map>
      </div>
      <dl class="numbers">
        ${term(WRITTEN, html`<span class="percent">${percent} %</span> ${bytesText(progress)}`)}
        ${startedOver(progress)} ${view.kind === 'running' ? this.#pace(progress) : null}
        ${view.kind === 'ended' ? this.#summary(view) : null}
      </dl>
    `;
  }

  /** Once the device has every byte nothing is sent, and what it does then takes the time it takes. */
  #pace({ acknowledged, total, bytesPerSecond, secondsLeft }: Progress): (TemplateResult | null)[] {
    if (acknowledged === total) return [];
    return [
      bytesPerSecond === null ? null : term(SPEED, speedInWords(bytesPerSecond)),
      secondsLeft === null ? null : term(TIME_LEFT, timeLeftText(secondsLeft)),
    ];
  }

  #summary({ state }: Extract<UpdateView, { kind: 'ended' }>): (TemplateResult | null)[] {
    const { retries } = state.progress;
    return [
      retries === 0 ? null : term(TRIES, retriesText(retries)),
      state.durationMs === 0 ? null : term(TOOK, tookText(state.durationMs)),
    ];
  }
}

function progressOf(view: UpdateView): Progress | null {
  switch (view.kind) {
    case 'running':
    case 'ended':
      return view.state.progress;
    case 'offer':
      return { ...noProgress(view.entry.size), acknowledged: view.entry.acknowledged };
    case 'rest':
    case 'preparing':
      return null;
  }
}

function startedOver({ sessionRestarts }: Progress): TemplateResult | null {
  return sessionRestarts === 0 ? null : term(RESTARTS, startedOverText(sessionRestarts));
}

function term(name: string, value: TemplateResult | string): TemplateResult {
  return html`<div>
    <dt class="off-screen">${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

/** While the outcome is not known there is no 100 %: bytes that are there are not yet firmware that runs. */
function shownPercent(view: UpdateView, { acknowledged, total }: Progress): number {
  const percent = percentOf(acknowledged, total);
  return view.kind === 'ended' ? percent : Math.min(percent, 99);
}

declare global {
  interface HTMLElementTagNameMap {
    'update-progress': UpdateProgress;
  }
}
