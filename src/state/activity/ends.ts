/** Lets the person know of what runs and how it ended, also where they look elsewhere. */
import type { Activity } from '../../model/page/activity.ts';
import type { Attention, Notifier } from '../../model/page/attention.ts';
import { headlineOf, titleOf } from '../../words/shell/status-bar.ts';
import { WORTH_A_NOTIFICATION_MS, type ActivityState } from './activity-state.ts';

export interface EndsParts {
  readonly activity: Pick<ActivityState, '$activity' | 'tookMs'>;
  readonly attention: Attention;
  readonly notifier: Pick<Notifier, 'permission' | 'show'>;
}

export function tellOfEnds({ activity, attention, notifier }: EndsParts): void {
  let before: Activity['kind'] = 'idle';
  let forget = (): void => undefined;
  activity.$activity.subscribe((now) => {
    const isEnd = now.kind === 'ended' && before === 'running';
    const hasBegun = now.kind === 'running' && before !== 'running';
    const isOver = now.kind === 'idle' && before !== 'idle';
    before = now.kind;
    if (now.kind === 'running') attention.showTitle(titleOf(now));
    if (hasBegun || isOver) {
      forget();
      attention.showBadge('none');
    }
    if (isOver) attention.showTitle(null);
    if (isEnd) {
      // It stays in the tab until somebody was there to see it.
      attention.showTitle(titleOf(now));
      const open = now.failed + now.skipped + now.notStarted;
      attention.showBadge(open === 0 ? 'dot' : open);
      attention.vibrate(open === 0);
      if (notifier.permission === 'granted' && activity.tookMs >= WORTH_A_NOTIFICATION_MS && !attention.isLookedAt()) {
        void notifier.show({ title: headlineOf(now), body: now.standing });
      }
      forget = attention.onNextSign(() => {
        attention.showTitle(null);
        attention.showBadge('none');
      });
    }
  });
}
