import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { App } from '../../state/app.ts';
import type { WatchState } from '../../state/firmware/watched-file.ts';
import { FORGET, stopLabel, watchAgainLabel, watchingText } from '../../words/firmware/watch-pill.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import { WatchLate } from '../kit/watch/watch-late.ts';

/** What of the app the pill draws from. */
export type WatchPillParts = Pick<App, 'watch'>;

/** Shown in every view: that a file is watched, or was and waits for a tap. Defined only once watching was loaded. */
@customElement('watch-pill')
export class WatchPill extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      :host {
        min-width: 0;
        margin-inline: calc(3 * var(--u)) auto;
      }
      a,
      button {
        display: inline-flex;
        align-items: center;
        max-width: 100%;
        min-height: var(--target);
        font-size: var(--small);
      }
      a {
        gap: calc(2 * var(--u));
        color: var(--ink);
        text-decoration: none;
      }
      span {
        overflow: hidden;
        padding: var(--u) calc(3 * var(--u));
        border: 1px solid var(--accent);
        border-radius: var(--target);
        background: var(--accent-wash);
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      div {
        display: flex;
        min-width: 0;
      }
      .again {
        min-width: 0;
        padding-inline: 0;
        border: 0;
        background: none;
      }
      .again span {
        border-style: dashed;
      }
    `,
  ];

  @property({ attribute: false }) app!: WatchPillParts;
  @state() watched: string | null = null;
  @state() kept: string | null = null;
  readonly #watching = new WatchLate<WatchState>(
    this,
    async () => (await this.app.watch?.()) ?? null,
    ({ $watch, $kept }) => [
      $watch.subscribe((view) => (this.watched = view.kind === 'on' ? view.name : null)),
      $kept.subscribe((name) => (this.kept = name)),
    ],
  );

  protected override render(): TemplateResult | null {
    const { watched, kept } = this;
    const { value: watching } = this.#watching;
    if (watched !== null) return html`<a href="#/firmware"><span>${watchingText(watched)}</span></a>`;
    if (kept === null) return null;
    return html`<div>
      <button class="again" @click=${() => watching?.watchAgain()}><span>${watchAgainLabel(kept)}</span></button>
      <button class="quiet" aria-label=${stopLabel(kept)} @click=${() => watching?.stop()}>${FORGET}</button>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'watch-pill': WatchPill;
  }
}
