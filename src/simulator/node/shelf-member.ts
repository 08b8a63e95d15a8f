/** One device of the shelf, as it is listed. */
export interface ShelfMember {
  readonly name: string;
  /** What it is, for who reads a list of them. Absent: its name says so. */
  readonly what?: string;
  readonly origin: string;
  /** Of whom it asks for a password; absent: of nobody in particular. */
  readonly user?: string;
  /** What it asks for: a PIN, or the password of its usual user; empty: nothing. */
  readonly token: string;
  close(): Promise<void>;
}
