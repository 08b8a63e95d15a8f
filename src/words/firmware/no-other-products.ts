/** Takes the place of `other-products.ts` in the page that a board serves: no device of another product is in it. */
import type * as others from './other-products.ts';

export const ofOtherProducts: typeof others.ofOtherProducts = () => '';
