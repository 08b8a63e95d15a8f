/** What a firmware calls itself, where that means something. */
import { type Inspection, stopgapOf } from '../../model/firmware/inspection.ts';

/** Builds against Arduino's ready-made core carry the core's name, version and date instead of the sketch's. */
export const ARDUINO_CORE_NAME = 'arduino-lib-builder';

export interface StatedName {
  /** Null: not stated. */
  readonly project: string | null;
  readonly version: string | null;
}

/**
 * Project and version to show. People know firmware by what it tells once it runs. MicroPython leaves both empty and
 * names itself in its banner; Arduino's core states its own, which say nothing of the firmware. `Inspection` keeps what
 * the file has, word for word.
 */
export function statedName({
  project,
  version,
  micropython,
  tells,
}: Pick<Inspection, 'project' | 'version' | 'micropython'> & {
  readonly tells?: Inspection['tells'] | null;
}): StatedName {
  if (tells) {
    const build = stopgapOf(tells);
    const product = build === null ? tells.product : `${tells.product} ${build}`;
    // A build that names its own project there has its own version there, too.
    return { project: tells.node ?? product, version: tells.version ?? (tells.node ? version : null) };
  }
  if (micropython !== null) {
    return { project: project ?? micropython.machine ?? 'MicroPython', version: version ?? micropython.version };
  }
  return project === ARDUINO_CORE_NAME ? { project: null, version: null } : { project, version };
}
