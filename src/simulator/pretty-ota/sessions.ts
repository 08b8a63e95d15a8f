/** Who is signed in to a simulated device with PrettyOTA. It keeps them in flash, over every restart. */

/** The next one ends the oldest. */
const MOST = 5;

export class Sessions {
  #open: string[] = [];
  /** How many were begun. */
  begun = 0;

  /** The cookie that is to be sent along from now on. */
  begin(): string {
    this.begun += 1;
    const cookie = `sessionID=${crypto.randomUUID()}`;
    this.#open = [...this.#open, cookie].slice(-MOST);
    return cookie;
  }

  /** By the whole header: another cookie beside it makes it another. */
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
