/** Lists of devices that people write, and how they can be wrong. */
import type { WrongAddress } from './address-reading.ts';
import type { WrongLogin } from './secrets/login.ts';
import type { WrongTokenHeader } from './secrets/token-header.ts';

export type TableField =
  'name' | 'address' | 'token' | 'user' | 'password' | 'group' | 'chip' | 'protocol' | 'tokenHeader';

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
  | 'hidden-characters'
  | 'not-an-address'
  | 'token-characters'
  | 'not-a-header'
  | 'not-a-login'
  /** A device as documented takes the token where a login would be. */
  | 'login-as-documented'
  | 'password-without-user'
  | 'unknown-chip'
  | 'unknown-protocol'
  /** `said` is the line of the other one. */
  | 'duplicate';

export type RowFault =
  | {
      readonly kind: Exclude<RowProblemName, 'not-an-address' | 'not-a-header' | 'not-a-login'>;
      readonly said?: string;
    }
  /** `address`: what is wrong with it. */
  | { readonly kind: 'not-an-address'; readonly address: WrongAddress }
  /** `header`: why no token is sent in it. */
  | { readonly kind: 'not-a-header'; readonly header: WrongTokenHeader }
  | { readonly kind: 'not-a-login'; readonly login: WrongLogin };

/** Where a list is wrong, and how. */
export type RowProblem = RowPlace & RowFault;

export interface RowPlace {
  /** Counted from 1: the line of a table, or which device of a list in JSON it is. */
  readonly line: number;
  readonly isEntry?: boolean;
  /** Null: it is the whole line. */
  readonly field: string | null;
}
