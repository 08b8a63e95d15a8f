/** Takes the place of `bar-height.ts` in the page that a board serves: nothing sticks at its bottom. */
import type { ReactiveController } from 'lit';
import type * as bars from './bar-height.ts';

export const BarHeight: new (...of: ConstructorParameters<typeof bars.BarHeight>) => ReactiveController = class {
  hostConnected(): void {
    // There is no bar.
  }
};
