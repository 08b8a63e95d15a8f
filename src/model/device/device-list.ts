/** Lists of devices that people write, and how they can be wrong. */

export type TableField = 'name' | 'address' | 'token' | 'group' | 'chip' | 'protocol' | 'tokenHeader';

export type RowProblemName =
  /** Nothing in it says where a device is. */
  | 'empty'
  | 'too-many'
  /** A quote that nothing ends. */
  | 'open-quote'
  /** Something stands between a closing quote and the next cell. */
  | 'after-quote'
  | 'too-many-cells'
  /** `said` is its title. */
  | 'unknown-column'
  | 'column-twice'
  | 'not-a-list'
  | 'unknown-key'
  | 'missing'
  | 'wrong-type'
  | 'too-long'
  | 'hidden-signs'
  /** `said` is what is wrong with it, as it is told of an address that is typed. */
  | 'not-an-address'
  | 'token-signs'
  | 'not-a-header'
  | 'unknown-chip'
  | 'unknown-protocol'
  /** `said` is the line of the other one. */
  | 'duplicate';

/** Where a list is wrong, and how. */
export interface RowProblem {
  /** Counted from 1: the line of a table, or which device of a list in JSON it is. */
  readonly line: number;
  readonly isEntry?: boolean;
  /** Null: it is the whole line. */
  readonly field: string | null;
  readonly problem: RowProblemName;
  readonly said?: string;
}
