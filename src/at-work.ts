/** Makes what is needed as soon as anything runs. Part of the composition root; loaded with the first update. */
import { PageAttention } from './page/attention.ts';
import { PageNotifier } from './page/notifier.ts';
import { ActivityState, type ActivityParts } from './state/activity/activity-state.ts';
import { tellOfEnds } from './state/activity/ends.ts';
import './ui/shell/status-bar.ts';

export function atWork(parts: Omit<ActivityParts, 'notifier'>): ActivityState {
  const notifier = new PageNotifier();
  const activity = new ActivityState({ ...parts, notifier });
  tellOfEnds({ activity, attention: new PageAttention(), notifier });
  return activity;
}
