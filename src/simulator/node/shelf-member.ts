/** One device of the shelf, as it is listed. */
export interface ShelfMember {
  readonly name: string;
  /** What it is, for readers of a list of them. Absent: its name says so. */
  readonly what?: string;
  readonly origin: string;
  /** The user whose password it asks for; absent: it asks for no user. */
  readonly user?: string;
  /** The secret that it asks for: a PIN, or the password of its usual user; empty: none. */
  readonly token: string;
  close(): Promise<void>;
}
