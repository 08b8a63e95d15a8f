import { css, html, LitElement, svg, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Inspection } from '../firmware/inspection.ts';
import type { Firmware } from '../state/firmware.ts';
import { bytesInWords } from './quantities.ts';
import { base } from './theme.ts';

/** A stretch of bytes in the picture. */
interface Stretch {
  readonly start: number;
  readonly length: number;
  readonly look: 'flash' | 'ram' | 'padding' | 'rest' | 'chosen';
  readonly name: string;
  readonly where: string;
}

/** Height of the bar, in CSS pixels. */
const BAR = 28;
/** Units across the whole bar: fine enough that every segment is at least seen. */
const ACROSS = 1000;

/** A file drawn to scale: its segments, and, where it came out of a full-flash file, that file's partitions. */
@customElement('file-picture')
export class FilePicture extends LitElement {
  static override styles = [
    base,
    css`
      figure + figure {
        margin-top: calc(4 * var(--u));
      }
      figcaption {
        margin-bottom: var(--u);
        font-size: var(--small);
        font-weight: 500;
      }
      svg {
        display: block;
        width: 100%;
        shape-rendering: crispEdges;
        border: 1px solid var(--line-strong);
      }
      rect {
        stroke: var(--sheet);
        stroke-width: 1;
        vector-effect: non-scaling-stroke;
      }
      .flash,
      .chosen {
        fill: var(--accent);
      }
      .ram {
        fill: var(--line-strong);
      }
      .padding,
      .rest {
        fill: var(--line);
      }
      ol {
        margin: calc(2 * var(--u)) 0 0;
        padding: 0;
        list-style: none;
        font-size: var(--small);
      }
      li {
        display: grid;
        grid-template-columns: 12px 1fr auto;
        gap: calc(2 * var(--u));
        align-items: center;
        padding: 2px 0;
      }
      li i {
        width: 12px;
        height: 12px;
        border: 1px solid var(--line-strong);
      }
      i.flash,
      i.chosen {
        background: var(--accent);
      }
      i.ram {
        background: var(--line-strong);
      }
      i.padding,
      i.rest {
        background: var(--line);
      }
    `,
  ];

  @property({ attribute: false }) inspection!: Inspection;
  @property({ attribute: false }) from: Firmware['from'] = null;

  protected override render(): TemplateResult {
    const { inspection, from } = this;
    const table = from?.inspection ?? inspection;
    return html`${inspection.segments.length === 0 ? null : bar('Segments of the image', segmentsOf(inspection))}
    ${
      table.partitions.length === 0
        ? null
        : bar(from === null ? 'Partition table' : `Partition table of ${from.name}`, partitionsOf(table))
    }`;
  }
}

function segmentsOf({ segments, size, slotBytes }: Inspection): readonly Stretch[] {
  const end = Math.max(size, slotBytes ?? 0);
  const drawn = segments.map(({ fileOffset, length, address, place, index }): Stretch => ({
    start: fileOffset,
    length,
    look: place,
    name:
      place === 'padding'
        ? 'padding'
        : `segment ${index + 1}, ${place === 'flash' ? 'runs from flash' : 'loaded to RAM'}`,
    where: hex(address),
  }));
  const last = drawn.at(-1);
  const used = last === undefined ? 0 : last.start + last.length;
  const rest: Stretch = {
    start: used,
    length: end - used,
    look: 'rest',
    name: 'checksum, hash and what follows',
    where: '',
  };
  return rest.length > 0 ? [...drawn, rest] : drawn;
}

function partitionsOf({ partitions }: Inspection): readonly Stretch[] {
  return partitions.map(({ label, subtype, type, offset, size }) => ({
    start: offset,
    length: size,
    look: type === 'app' ? 'flash' : 'ram',
    name: `${label} (${subtype})`,
    where: hex(offset),
  }));
}

function bar(title: string, stretches: readonly Stretch[]): TemplateResult {
  const from = Math.min(...stretches.map(({ start }) => start));
  const to = Math.max(...stretches.map(({ start, length }) => start + length));
  const scale = ACROSS / Math.max(1, to - from);
  return html`<figure>
    <figcaption>${title}</figcaption>
    <svg viewBox="0 0 ${ACROSS} ${BAR}" height=${BAR} preserveAspectRatio="none" aria-hidden="true">
      ${stretches.map(
        ({ start, length, look }) =>
          svg`<rect class=${look} x=${(start - from) * scale} width=${Math.max(2, length * scale)} height=${BAR} />`,
      )}
    </svg>
    <ol>
      ${stretches.map(
        ({ look, name, where, length }) =>
          html`<li>
            <i class=${look}></i><span>${name} <span class="mono soft">${where}</span></span>
            <span class="numbers soft">${bytesInWords(length)}</span>
          </li>`,
      )}
    </ol>
  </figure>`;
}

function hex(address: number): string {
  return `0x${address.toString(16)}`;
}

declare global {
  interface HTMLElementTagNameMap {
    'file-picture': FilePicture;
  }
}
