/** An address as a person typed it, read. */
export type AddressReading =
  | {
      readonly ok: true;
      readonly origin: string;
      /** The path that was typed, as a prefix; null where none was. */
      readonly prefix: string | null;
    }
  | { readonly ok: false; readonly message: string };
