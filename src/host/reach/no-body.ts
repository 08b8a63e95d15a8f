/** The Fetch standard lets no answer with one of these have a body: a `Response` with one cannot be made. */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

export function hasNoBody(status: number): boolean {
  return WITHOUT_BODY.has(status);
}
