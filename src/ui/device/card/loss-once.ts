/**
 * Takes the place of `loss-aloud.ts` in the page that a board serves, which has no room for it: a loss is said aloud once,
 * and neither the tries after it nor what lies between them, until the device has more bytes or a later step is reached.
 */
import type { UpdateView } from '../../../state/update/update-view.ts';

interface HeardOnce {
  readonly isAloud: boolean;
  readonly isBack: false;
  /** Bytes that the device had when it was lost last. */
  readonly lostAt?: number | undefined;
}

export const NOTHING_HEARD: HeardOnce = { isAloud: true, isBack: false };

export function heardOf({ lostAt }: HeardOnce, view: UpdateView): HeardOnce {
  if (view.kind !== 'running') return NOTHING_HEARD;
  const { phase, progress } = view.state;
  const at = progress.acknowledged;
  const isTry = phase !== 'waiting' && phase !== 'restarting' && phase !== 'confirming';
  const isAloud = view.cancelling || lostAt !== at || !isTry;
  return { ...NOTHING_HEARD, isAloud, lostAt: phase === 'retrying' ? at : lostAt };
}

export const comesBack = (): boolean => false;
