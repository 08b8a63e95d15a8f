/** Takes the place of `host-questions.ts` in the page that a board serves: nobody asks any of these there. */
import type * as host from './host-questions.ts';

export const describeHostQuestion: typeof host.describeHostQuestion = () => ({
  ...{ title: '', text: '', verb: '', dangerous: false, typed: null },
});
