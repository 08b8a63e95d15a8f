import { loadOnce } from '../../model/load-once.ts';

/** The part of the engine that only some devices need. */
export const wholeImageEngine = loadOnce(() => import('./run-whole-image.ts'));
