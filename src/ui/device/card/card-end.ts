/** How a card shows from afar how its update ended: by its background and border, beside its words and its shape. */
import { css, nothing } from 'lit';
import type { UpdateView } from '../../../state/update/update-view.ts';
import { outcomeTone, type Tone } from '../../kit/style/outcome-shape.ts';

/** For the attribute `data-end`. */
export function endOf(view: UpdateView): Tone | typeof nothing {
  return view.kind === 'ended' ? outcomeTone(view.state.outcome) : nothing;
}

export const cardEnd = css`
  [data-end] {
    transition:
      background-color var(--quick),
      border-color var(--quick);
  }
  [data-end='good'] {
    border-color: var(--accent);
    background: var(--accent-wash);
  }
  [data-end='needs'] {
    border-color: var(--amber-mark);
    background: var(--amber-wash);
  }
  [data-end='bad'] {
    border-color: var(--red);
    background: var(--red-wash);
  }
`;
