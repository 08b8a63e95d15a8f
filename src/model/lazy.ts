/**
 * What `make` makes, made with the first call and given to each later one. A failure is not kept: what could not be loaded
 * is asked for again, for the network may be back.
 */
export function lazy<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () =>
    (made ??= make().catch((error: unknown) => {
      made = null;
      throw error;
    }));
}
