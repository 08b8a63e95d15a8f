import type { RolloutOptions } from '../../model/rollout/rollout-record.ts';

/** The person has chosen the devices of a rollout, and how it goes. Heard by the view around the choice. */
export class StartRolloutEvent extends Event {
  static readonly type = 'moult-start-rollout';
  readonly devices: readonly string[];
  readonly options: RolloutOptions;

  constructor(devices: readonly string[], options: RolloutOptions) {
    super(StartRolloutEvent.type, { bubbles: true, composed: true });
    this.devices = devices;
    this.options = options;
  }
}
