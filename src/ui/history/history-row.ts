import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { WholeApp } from '../../state/app.ts';
import { averageSpeed, outcomeWords } from '../../state/update/history-search.ts';
import { noProgress } from '../../state/update/update-view.ts';
import type { HistoryEntry, HistoryRow } from '../../model/update/history-entry.ts';
import type { Progress } from '../../model/update/update-state.ts';
import { OpenSheetEvent } from '../kit/events.ts';
import { fact } from '../kit/fact.ts';
import { hashFact } from '../kit/hash-fact.ts';
import { REMOVE, REPORT_FOR_HELP } from '../../words/kit/buttons.ts';
import {
  AVERAGE_SPEED,
  beganOnPaper,
  beganText,
  factsText,
  NO_REPORT,
  REACHED,
  routeText,
  SENT_AGAIN,
  SPOKEN_TO,
  STARTED_OVER,
  timesText,
} from '../../words/history/history-row.ts';
import { protocolInWords } from '../../words/device/protocol-words.ts';
import { outcomeTone, toneShape } from '../kit/style/outcome-shape.ts';
import { endingInWords } from '../../words/history/history.ts';
import { speedInWords } from '../../words/kit/quantities.ts';
import '../device/card/slot-map.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import './throughput-plot.ts';

/** What of the app a line of the history draws from. */
export type HistoryRowParts = Pick<WholeApp, 'history' | 'recorder' | 'removals'>;

/** One update that has ended: a line. Opened, it shows the slot map as it stood, how fast it went, and what was said. */
@customElement('history-row')
export class HistoryRowElement extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      .line {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0 calc(2 * var(--u));
        width: 100%;
        min-height: 60px;
        padding: calc(2 * var(--u)) 0;
        border: 0;
        border-radius: 0;
        text-align: start;
        align-items: center;
      }
      .line b {
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      .line .soft {
        grid-column: 2;
        font-weight: 400;
      }
      .outcome {
        font-weight: 500;
      }
      .good svg.icon {
        color: var(--accent);
      }
      .needs svg.icon {
        color: var(--amber);
      }
      .bad svg.icon,
      .bad .outcome {
        color: var(--red);
      }
      .open {
        display: grid;
        gap: calc(3 * var(--u));
        padding: calc(2 * var(--u)) 0 calc(4 * var(--u)) calc(7 * var(--u));
      }
      dl {
        display: flex;
        flex-wrap: wrap;
        gap: calc(2 * var(--u)) calc(5 * var(--u));
      }
      .on-paper {
        display: none;
      }
      @media print {
        .on-screen {
          display: none;
        }
        .on-paper {
          display: inline;
        }
        .line,
        .open {
          padding: calc(1.5 * var(--u)) 0;
        }
        .open .row,
        .open > .small {
          display: none;
        }
      }
      dt {
        color: var(--ink-soft);
        font-size: var(--small);
      }
    `,
  ];

  @property({ attribute: false }) app!: HistoryRowParts;
  @property({ attribute: false }) row!: HistoryRow;
  /** Null: closed, or still being read. */
  @state() entry: HistoryEntry | null = null;
  @state() open = false;

  protected override render(): TemplateResult {
    const { row } = this;
    const tone = outcomeTone(row.outcome);
    return html`<button class="line ${tone}" aria-expanded=${this.open ? 'true' : 'false'} @click=${this.#toggle}>
        ${toneShape(tone)}<span
          ><b>${row.deviceName}</b> <span class="outcome">${outcomeWords(row.outcome)}</span></span
        >
        <span class="small soft numbers"
          ><span class="on-screen">${beganText(row.startedAt, Date.now())}</span
          ><span class="on-paper">${beganOnPaper(row.startedAt)}</span> · ${factsText(row)}</span
        >
      </button>
      ${this.open && this.entry !== null ? this.#picture(this.entry) : null}`;
  }

  #picture(entry: HistoryEntry): TemplateResult {
    const { dialect, route, retries, sessionRestarts, sha256 } = entry;
    const speed = averageSpeed(entry);
    const said = endingInWords(entry);
    const noReport = this.app.recorder.find(entry.id) === null;
    return html`<div class="open">
      ${said === '' ? null : html`<p>${said}</p>`}
      ${entry.bytes === 0 ? null : html`<slot-map .progress=${frozen(entry)}></slot-map>`}
      <throughput-plot .entry=${entry}></throughput-plot>
      <dl class="numbers">
        ${speed === null ? null : fact(AVERAGE_SPEED, speedInWords(speed))}
        ${retries === 0 ? null : fact(SENT_AGAIN, String(retries))}
        ${sessionRestarts === 0 ? null : fact(STARTED_OVER, timesText(sessionRestarts))}
        ${dialect === null ? null : fact(SPOKEN_TO, protocolInWords(dialect))}
        ${route === null ? null : fact(REACHED, routeText(route))} ${hashFact(sha256)}
      </dl>
      ${noReport ? html`<p class="small soft">${NO_REPORT}</p>` : null}
      <p class="row">
        ${noReport ? null : html`<button @click=${this.#report}>${REPORT_FOR_HELP}</button>`}
        <button class="quiet" @click=${this.#remove}>${REMOVE}</button>
      </p>
    </div>`;
  }

  async #toggle(): Promise<void> {
    this.open = !this.open;
    if (this.open) this.entry ??= await this.app.history.entry(this.row.id);
  }

  /** Asks nothing: the notice undoes it, and no secret goes with it. */
  async #remove(): Promise<void> {
    const { history, removals } = this.app;
    const { id, deviceName } = this.row;
    await removals.offerUndo({ what: 'update', name: deviceName }, history.hide(id));
  }

  #report(): void {
    this.dispatchEvent(new OpenSheetEvent({ kind: 'report', updateId: this.row.id }));
  }
}

function frozen({ size, bytes, blockSize, capacityBytes, retried, retries }: HistoryEntry): Progress {
  return { ...noProgress(size), acknowledged: bytes, blockSize, capacityBytes, retried, retries };
}

declare global {
  interface HTMLElementTagNameMap {
    'history-row': HistoryRowElement;
  }
}
