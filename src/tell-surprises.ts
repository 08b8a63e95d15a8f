/** Surprises of a whole page are shown, never swallowed. Part of the composition roots. */
import type { NoticesState } from './state/notices.ts';

/**
 * Shows whatever nobody has caught, from now on. Answers how to show an error that was. An error's message carries no
 * token: tokens are only ever header values.
 */
export function tellSurprises(notices: NoticesState): (error: unknown) => void {
  const tell = (error: unknown): void => {
    notices.show({ kind: 'broken', what: error instanceof Error ? error.message : String(error) });
  };
  window.addEventListener('unhandledrejection', ({ reason }) => tell(reason));
  window.addEventListener('error', ({ error }) => {
    if (error !== undefined && error !== null) tell(error);
  });
  return tell;
}
