/** The sessions of a simulated device with PrettyOTA, which keeps them in flash over every restart. */

/** The most sessions: the next one ends the oldest. */
const MOST = 5;

export class Sessions {
  #open: string[] = [];
  /** How many were begun. */
  begun = 0;

  /** Begins a session, and answers with its cookie. */
  begin(): string {
    this.begun += 1;
    const cookie = `sessionID=${crypto.randomUUID()}`;
    this.#open = [...this.#open, cookie].slice(-MOST);
    return cookie;
  }

  /** Compares the whole header, so that no other cookie may be beside it. */
  knows({ headers }: Request): boolean {
    return this.#open.includes(headers.get('cookie') ?? '');
  }

  /** @returns whether it was one */
  end(request: Request): boolean {
    const isKnown = this.knows(request);
    this.#open = this.#open.filter((cookie) => cookie !== request.headers.get('cookie'));
    return isKnown;
  }
}
