import type { ListedDevice } from '../cli/push/listed-device.ts';

/** A device that an agent serves. */
export interface AgentDevice extends Omit<ListedDevice, 'targetToken' | 'targetTokenEnv'> {
  /** What the rollout server knows it by: chosen once, and never an address. */
  readonly controllerId: string;
  /** Its own token for the server; null: the gateway's is for all. */
  readonly targetToken: string | null;
}
