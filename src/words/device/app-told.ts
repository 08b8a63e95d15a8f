/** The app of a ViperHTTP device, as the device tells it: short enough to be in the first view. */
import { appName, type SelfTold } from '../../model/device/self-told.ts';

/** "Greenhouse, version 1.4.0"; null where the app has no name. */
export function appInWords(told: SelfTold): string | null {
  const name = appName(told);
  return name === null || told.version === null ? name : `${name}, version ${told.version}`;
}
