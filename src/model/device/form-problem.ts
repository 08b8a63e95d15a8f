/** What keeps the description of a device, as a person gave it, from being saved. */
import type { WrongAddress, WrongPrefix } from './address-reading.ts';
import type { WrongLogin } from './secrets/login.ts';
import type { WrongTokenHeader } from './secrets/token-header.ts';

export type FormProblem =
  | {
      readonly kind:
        | 'no-name'
        | 'hidden-characters'
        | WrongTokenHeader
        | 'token-characters'
        /** A device as documented takes the token where a login would be. */
        | 'login-as-documented'
        /** The token has to go along to another address, and is locked. */
        | 'token-locked';
    }
  /** Both in UTF-16 units. */
  | { readonly kind: 'too-long'; readonly length: number; readonly most: number }
  | { readonly kind: 'wrong-address'; readonly wrong: WrongAddress }
  | { readonly kind: 'wrong-prefix'; readonly wrong: WrongPrefix }
  /** `prefix`: the path at the end of the address, where its own field says another one. */
  | { readonly kind: 'two-prefixes'; readonly prefix: string }
  /** `name`: the saved device's that has it. */
  | { readonly kind: 'address-taken'; readonly name: string }
  | { readonly kind: 'wrong-login'; readonly wrong: WrongLogin };
