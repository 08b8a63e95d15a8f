/** How a device stands, in one glance: the dot of a card and of a row, and what "needs attention" means. Pure. */
import type { CheckView } from '../../state/device/checks.ts';
import type { UpdateView } from '../../state/update/update-view.ts';
import { outcomeTone } from '../kit/style/outcome-shape.ts';

export type Standing =
  /** An update failed, or its end is not known. */
  | 'failed'
  /** An update waits for somebody: it stopped, was rolled back, or can go on. */
  | 'needs'
  | 'updating'
  /** An update went well in this visit. */
  | 'updated'
  | 'offline'
  | 'asking'
  | 'online'
  /** Nobody has asked it in this visit. */
  | 'unasked';

export function standingOf(update: UpdateView, check: CheckView): Standing {
  switch (update.kind) {
    case 'running':
    case 'preparing':
      return 'updating';
    case 'offer':
      return 'needs';
    case 'ended': {
      const tone = outcomeTone(update.state.outcome);
      if (tone === 'bad') return 'failed';
      if (tone === 'needs') return 'needs';
      return tone === 'good' ? 'updated' : standingOfCheck(check);
    }
    case 'rest':
      return standingOfCheck(check);
  }
}

function standingOfCheck(check: CheckView): Standing {
  switch (check.kind) {
    case 'answered':
      return 'online';
    case 'failed':
      return 'offline';
    case 'asking':
      return 'asking';
    case 'unasked':
      return 'unasked';
  }
}

export function needsAttention(standing: Standing): boolean {
  return standing === 'failed' || standing === 'needs' || standing === 'offline';
}
