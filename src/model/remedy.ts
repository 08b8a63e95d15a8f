/** The one thing to do about a device that is not reached: a button, or a text to copy or to follow. `label` is what the button says. */
export type Remedy =
  /** `about`: what the text is, or where it goes. */
  | {
      readonly kind:
        'copy-cors-lines' | 'copy-host-lines' | 'copy-loop-lines' | 'copy-ota-lines' | 'copy-policy' | 'run-host';
      readonly label: string;
      readonly about: string;
      readonly text: string;
    }
  /** `text`: the word before the browser's question. */
  | { readonly kind: 'allow-local-network'; readonly label: string; readonly text: string }
  /** Only the person can do it, in the browser: `text` says where. */
  | { readonly kind: 'site-settings'; readonly label: string; readonly text: string }
  | { readonly kind: 'open-in-tab'; readonly label: string; readonly url: string }
  | { readonly kind: 'use-gateway'; readonly label: string }
  | { readonly kind: 'try-port'; readonly label: string; readonly port: number; readonly origin: string }
  | { readonly kind: 'use-prefix'; readonly label: string; readonly prefix: string }
  | {
      readonly kind: 'edit-device';
      readonly label: string;
      readonly field: 'address' | 'token' | 'tokenHeader' | 'prefix' | 'protocol' | 'login';
    }
  | { readonly kind: 'try-again'; readonly label: string };
