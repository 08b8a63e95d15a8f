import { lazy } from '../../model/lazy.ts';

/** The part of the engine that only some devices need. */
export const wholeImageEngine = lazy(() => import('./run-whole-image.ts'));
