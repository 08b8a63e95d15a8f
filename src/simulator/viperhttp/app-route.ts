/** A route of the app's own, which always answers with the same JSON, and asks for no token. */
export interface AppRoute {
  readonly method: 'GET' | 'POST';
  /** `{name}` stands for a part that can be anything. */
  readonly path: string;
  readonly answer: unknown;
}
