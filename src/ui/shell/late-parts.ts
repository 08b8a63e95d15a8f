/** What of the shell nobody misses before there is something to see. */
import type { HostState } from '../../state/host.ts';
import type { AgentOffersParts } from '../more/agent-offers.ts';
import { listenToKeys, type KeysParts } from './keys.ts';

type OffersParts = AgentOffersParts & { readonly host: Pick<HostState, '$offers'> };

export function startLateParts(app: KeysParts & OffersParts, shell: HTMLElement): void {
  listenToKeys(app, shell);
  tellOfOffers(app, shell);
}

/** Few hosts have a rollout server's agent, and only they bring the code that says what waits there for a person. */
function tellOfOffers(app: OffersParts, shell: HTMLElement): void {
  app.host.$offers.subscribe(({ agent }) => {
    if (agent !== true) return;
    void import('../more/agent-offers.ts').then(
      ({ showOffers }) => showOffers(app, shell),
      // Where it cannot be had, the host is out of reach, and its agent with it.
      () => undefined,
    );
  });
}
