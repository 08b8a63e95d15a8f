import { css, html, LitElement, type PropertyDeclaration, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { noProgress, type UpdateView } from '../../../state/update/update-view.ts';
import type { UpdatesState } from '../../../state/update/updates.ts';
import type { Device } from '../../../model/device/device.ts';
import type { ActiveState, Progress } from '../../../model/update/update-state.ts';
import { percentOf, speedInWords } from '../../../words/kit/quantities.ts';
import {
  bytesText,
  meanwhileText,
  progressLabel,
  progressName,
  progressText,
  RESTARTS,
  SENT_AGAIN,
  sentAgainText,
  SPEED,
  startedOverText,
  TIME_LEFT,
  timeLeftText,
  TOOK,
  tookText,
} from '../../../words/update/update-progress.ts';
import './slot-map.ts';
import { base } from '../../kit/style/base.ts';
import { Watch } from '../../kit/watch/watch.ts';

export interface UpdateProgressParts {
  readonly updates: Pick<UpdatesState, '$update'>;
}

/** A try that failed, and when the next one comes. */
interface Loss {
  /** The state that told of it. */
  readonly state: ActiveState;
  /** The next try, counted from the first. */
  readonly next: number;
  /** By the monotonic clock, in milliseconds. */
  readonly at: number;
  readonly acknowledged: number;
}

const SECOND_MS = 1000;

/** How far one device's update is: the slot map and its numbers. The only element that draws every chunk. */
@customElement('update-progress')
export class UpdateProgress extends LitElement {
  static override styles = [
    base,
    css`
      /* Three lines, also where fewer are enough for now: what is below stays where it is. The numbers need two of them on
         a small phone, and while a device is away, when no pace is told, what to know meanwhile does. */
      .lines {
        display: grid;
        align-content: space-between;
        min-height: calc(4.35 * var(--small));
        margin-top: calc(2 * var(--u));
      }
      dl {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 0 calc(4 * var(--u));
        font-size: var(--small);
        color: var(--ink-soft);
      }
      /* Not higher where its numbers come from a font of another height. */
      dl > div {
        height: calc(1.45 * var(--small));
      }
      .percent {
        color: var(--ink);
        font-weight: 600;
      }
      p {
        min-height: 1.45em;
        font-size: var(--small);
        color: var(--ink-soft);
      }
    `,
  ];

  @property({ attribute: false }) app!: UpdateProgressParts;
  @property({ attribute: false }) device!: Device;
  readonly #update = new Watch(this, () => this.app.updates.$update(this.device.id));

  #drawNow: (() => void) | null = null;
  #loss: Loss | null = null;
  #tick: ReturnType<typeof setTimeout> | undefined;
  /** What was drawn last: the old skin is shed when an update ends, not where one has ended before. */
  #drawn: UpdateView['kind'] | null = null;
  #sheds = false;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#tick);
  }

  protected override willUpdate(): void {
    const view = this.#update.value;
    this.#loss = view.kind === 'running' ? lossAfter(this.#loss, view.state) : null;
    // Only what is proven to run is a new skin.
    const isNew = view.kind === 'ended' && view.state.outcome === 'updated';
    this.#sheds = isNew && (this.#sheds || this.#drawn === 'running');
    this.#drawn = view.kind;
  }

  /** The seconds until the next try are drawn, and not said aloud: none of this is a live region. */
  protected override updated(): void {
    clearTimeout(this.#tick);
    const left = (this.#loss?.at ?? 0) - performance.now();
    if (left > 0) this.#tick = setTimeout(() => this.requestUpdate(), left % SECOND_MS || SECOND_MS);
  }

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
        aria-label=${progressLabel(this.device.name, progress)}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${percent}
        aria-valuetext=${progressText(percent, progress)}
      >
        <slot-map steady .progress=${progress} ?sheds=${this.#sheds}></slot-map>
      </div>
      <div class="lines">
        <dl class="numbers">
          ${term(progressName(progress), html`<span class="percent">${percent} %</span> ${bytesText(progress)}`)}
          ${startedOver(progress)} ${view.kind === 'running' ? this.#pace(progress) : null}
          ${view.kind === 'ended' ? this.#summary(view) : null}
        </dl>
        ${view.kind === 'running' ? html`<p class="numbers">${this.#meanwhile(view)}</p>` : null}
      </div>
    `;
  }

  #meanwhile({ state, onHost }: Extract<UpdateView, { kind: 'running' }>): string {
    const loss = this.#loss;
    if (loss === null) return meanwhileText(state, null, onHost);
    const seconds = Math.max(0, Math.ceil((loss.at - performance.now()) / SECOND_MS));
    return meanwhileText(state, { next: loss.next, seconds }, onHost);
  }

  /**
   * Once the device has every byte nothing is sent any more, and nobody knows how long its own work after that takes.
   */
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
      retries === 0 ? null : term(SENT_AGAIN, sentAgainText(retries)),
      state.durationMs < SECOND_MS ? null : term(TOOK, tookText(state.durationMs)),
    ];
  }
}

/** A loss lasts until the device has acknowledged more, or something else is waited for. */
function lossAfter(before: Loss | null, state: ActiveState): Loss | null {
  const { acknowledged } = state.progress;
  if (state.phase === 'retrying') {
    if (before?.state === state) return before;
    return { state, next: state.attempt + 1, at: performance.now() + state.delayMs, acknowledged };
  }
  const isOver = state.phase === 'waiting' || before === null || acknowledged > before.acknowledged;
  return isOver ? null : before;
}

function progressOf(view: UpdateView): Progress | null {
  switch (view.kind) {
    case 'running':
    case 'ended':
      return view.state.progress;
    case 'offer':
      return {
        ...noProgress(view.entry.size),
        acknowledged: view.entry.acknowledged,
        ...(view.entry.before && { counts: 'sent' }),
      };
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
