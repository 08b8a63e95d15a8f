import { css, html, LitElement, svg, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { InnerFile, Inspection } from '../../model/firmware/inspection.ts';
import type { App } from '../../state/app.ts';
import type { Firmware } from '../../state/firmware/chosen.ts';
import { slotsToWrite, type SlotToWrite } from '../../state/device/slots.ts';
import {
  BEHIND_SEGMENTS,
  BOOTLOADER_SEGMENTS,
  IMAGE,
  partitionName,
  ROOM_LEFT,
  segmentName,
  SEGMENTS,
  slotTitle,
  tableTitle,
  tooBigImageName,
} from '../../words/firmware/file-picture.ts';
import { bytesInWords } from '../../words/kit/quantities.ts';
import { base } from '../kit/style/base.ts';

/** A stretch of bytes in the picture. */
interface Stretch {
  readonly start: number;
  readonly length: number;
  readonly look: 'flash' | 'ram' | 'padding' | 'other' | 'chosen';
  readonly name: string;
  readonly where: string;
}

/** Height of the bar, in CSS pixels. */
const BAR = 28;
/** Units across the whole bar: fine enough that every segment is at least seen. */
const ACROSS = 1000;

/** What of the app the drawing of a file draws from. */
export type FilePictureParts = Pick<App, 'checks' | 'devices'>;

/**
 * A file drawn to scale: its segments, the slot of each device that it would go to, and, where it came out of a full-flash
 * file, that file's partitions.
 */
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
      .other {
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
      i.other {
        background: var(--line);
      }
    `,
  ];

  @property({ attribute: false }) app!: FilePictureParts;
  @property({ attribute: false }) inspection!: Inspection;
  @property({ attribute: false }) from: Firmware['from'] = null;

  protected override render(): TemplateResult {
    const { inspection } = this;
    // A full-flash file out of an archive has a table of its own; the archive has none.
    const from = inspection.partitions.length === 0 ? this.from : null;
    const table = from?.inspection ?? inspection;
    return html`${inspection.segments.length === 0 ? null : bar(inspection.kind === 'merged' ? BOOTLOADER_SEGMENTS : SEGMENTS, segmentsOf(inspection))}
    ${
      inspection.kind === 'app'
        ? slotsToWrite(this.app.devices, this.app.checks).map((slot) =>
            bar(slotTitle(slot.label, slot.devices), slotOf(inspection, slot)),
          )
        : null
    }
    ${table.partitions.length === 0 ? null : bar(tableTitle(from?.name ?? null), partitionsOf(table, from?.inner))}`;
  }
}

function segmentsOf({ kind, segments, size, slotBytes }: Inspection): readonly Stretch[] {
  // In a full-flash file these are the bootloader's, which may not start at its first byte.
  const drawn = segments.map((segment): Stretch => ({
    start: segment.fileOffset,
    length: segment.length,
    look: segment.place,
    name: segmentName(segment),
    where: hex(segment.address),
  }));
  const last = drawn.at(-1);
  const used = last === undefined ? 0 : last.start + last.length;
  const end = kind === 'merged' ? used : Math.max(size, slotBytes ?? 0);
  const behind: Stretch = {
    start: used,
    length: end - used,
    look: 'other',
    name: BEHIND_SEGMENTS,
    where: '',
  };
  return behind.length > 0 ? [...drawn, behind] : drawn;
}

function slotOf({ size, slotBytes }: Inspection, slot: SlotToWrite): readonly Stretch[] {
  const needs = slotBytes ?? size;
  const left = slot.size - needs;
  const image = { start: 0, length: Math.min(needs, slot.size), look: 'flash', where: hex(0) } as const;
  if (left < 0) return [{ ...image, name: tooBigImageName(-left) }];
  return [
    { ...image, name: IMAGE },
    { start: needs, length: left, look: 'other', name: ROOM_LEFT, where: hex(needs) },
  ];
}

function partitionsOf({ partitions }: Inspection, inner?: InnerFile): readonly Stretch[] {
  const from = inner?.how === 'partition' ? inner.name : null;
  return partitions.map((partition) => {
    const { label, type, offset, size } = partition;
    const isSource = type === 'app' && label === from;
    return {
      start: offset,
      length: size,
      look: isSource ? 'chosen' : type === 'app' && from === null ? 'flash' : 'ram',
      name: partitionName(partition, isSource),
      where: hex(offset),
    };
  });
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
