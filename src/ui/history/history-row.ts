import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { WholeApp } from '../../state/app.ts';
import { averageSpeed, outcomeWords } from '../../state/update/history-search.ts';
import { noProgress } from '../../state/update/update-view.ts';
import type { HistoryEntry, HistoryRow } from '../../model/history-entry.ts';
import type { Progress } from '../../model/update-state.ts';
import '../kit/copy-button.ts';
import { OpenSheetEvent } from '../kit/events.ts';
import { momentInWords } from '../../words/moments.ts';
import { outcomeTone, toneShape } from '../kit/outcome-shape.ts';
import { endingInWords } from '../../words/history.ts';
import { counted } from '../../words/locale.ts';
import { bytesInWords, durationInWords, shortHash, speedInWords } from '../../words/quantities.ts';
import '../device/slot-map.ts';
import { base, buttons } from '../kit/theme.ts';
import './throughput-plot.ts';

/** One ended update: a line, and opened the slot map as it stood, how fast it went, and what was said. */
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
      dt {
        color: var(--ink-soft);
        font-size: var(--small);
      }
    `,
  ];

  @property({ attribute: false }) app!: WholeApp;
  @property({ attribute: false }) row!: HistoryRow;
  /** Null: closed, or still being read. */
  @state() entry: HistoryEntry | null = null;
  @state() open = false;

  protected override render(): TemplateResult {
    const { row } = this;
    const tone = outcomeTone(row.outcome);
    const facts = [
      momentInWords(row.startedAt, Date.now()),
      row.version ?? row.project ?? shortHash(row.sha256),
      row.bytes === row.size ? bytesInWords(row.size) : `${bytesInWords(row.bytes)} of ${bytesInWords(row.size)}`,
      ...(row.durationMs === 0 ? [] : [durationInWords(row.durationMs / 1000)]),
    ];
    return html`<button class="line ${tone}" aria-expanded=${this.open ? 'true' : 'false'} @click=${this.#toggle}>
        ${toneShape(tone)}<span
          ><b>${row.deviceName}</b> <span class="outcome">${outcomeWords(row.outcome)}</span></span
        >
        <span class="small soft numbers">${facts.map((fact) => fact.replaceAll(' ', '\u00a0')).join(' · ')}</span>
      </button>
      ${this.open && this.entry !== null ? this.#picture(this.entry) : null}`;
  }

  #picture(entry: HistoryEntry): TemplateResult {
    const { dialect, route, retries, sessionRestarts, sha256 } = entry;
    const speed = averageSpeed(entry);
    const said = endingInWords(entry);
    return html`<div class="open">
      ${said === '' ? null : html`<p>${said}</p>`}
      ${entry.bytes === 0 ? null : html`<slot-map .progress=${frozen(entry)}></slot-map>`}
      <throughput-plot .entry=${entry}></throughput-plot>
      <dl class="numbers">
        ${speed === null ? null : fact('Average speed', speedInWords(speed))}
        ${retries === 0 ? null : fact('Retries', String(retries))}
        ${sessionRestarts === 0 ? null : fact('Started over', counted(sessionRestarts, 'time', 'times'))}
        ${dialect === null ? null : fact('Spoken to', `as ${dialect}`)}
        ${route === null ? null : fact('Reached', route === 'gateway' ? 'through the gateway' : 'directly')}
        ${fact(
          'SHA-256',
          html`<copy-button .text=${sha256} label="Copy the whole SHA-256">
            <span class="mono">${shortHash(sha256)}</span>
          </copy-button>`,
        )}
      </dl>
      ${
        this.app.recorder.find(entry.id) === null
          ? html`<p class="small soft">No report for help: requests of earlier visits are not remembered.</p>`
          : html`<p><button @click=${this.#report}>Report for help</button></p>`
      }
    </div>`;
  }

  async #toggle(): Promise<void> {
    this.open = !this.open;
    if (this.open) this.entry ??= await this.app.history.entry(this.row.id);
  }

  #report(): void {
    this.dispatchEvent(new OpenSheetEvent({ kind: 'report', updateId: this.row.id }));
  }
}

function frozen({ size, bytes, blockSize, capacityBytes, retried, retries }: HistoryEntry): Progress {
  return { ...noProgress(size), acknowledged: bytes, blockSize, capacityBytes, retried, retries };
}

function fact(name: string, value: TemplateResult | string): TemplateResult {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'history-row': HistoryRowElement;
  }
}
