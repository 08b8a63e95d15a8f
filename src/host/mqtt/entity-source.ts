import type { InstallRefusal } from '../../model/host/mqtt-notice.ts';
import type { UpdateEntity } from '../../model/host/update-entity.ts';

/** Where devices come from that are announced. */
export interface EntitySource {
  /** As they are now. */
  entities(): readonly UpdateEntity[];
  /** Starts what `offer` names; null: it was begun. */
  install(id: string, offer: string): Promise<InstallRefusal | null>;
}
