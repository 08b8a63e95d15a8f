import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { openCodeReader } from './code-reader.ts';
import { deviceInLink } from '../device/dialog/share-link.ts';
import { OpenDeviceEvent } from '../kit/events.ts';
import {
  CAMERA_PICTURE,
  CAMERA_WORDS,
  NO_DEVICE_CODE,
  NO_DEVICE_LINK,
  PASTE_LINK,
  USE_IT,
  type Camera,
} from '../../words/kit/scan-code.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import { fields } from '../kit/style/fields.ts';

/** Time between two looks, in milliseconds: reading takes up to 50, and the hand that holds the phone needs no more. */
const LOOK_MS = 200;

/** Scans a device's code with the camera, or takes its link as text. What it finds opens the dialog "Device". */
@customElement('scan-code')
export class ScanCode extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    css`
      :host {
        display: grid;
        gap: calc(4 * var(--u));
      }
      video {
        display: block;
        width: 100%;
        aspect-ratio: 1;
        border-radius: var(--radius);
        background: var(--line);
        object-fit: cover;
      }
      video + p {
        margin-top: calc(2 * var(--u));
      }
      form {
        display: flex;
        flex-wrap: wrap;
        align-items: flex-end;
        gap: calc(2 * var(--u));
      }
      form div {
        flex: 1 1 200px;
      }
    `,
  ];

  @state() camera: Camera = 'asking';
  /** What is wrong with what was scanned or pasted. */
  @state() wrong: string | null = null;
  @query('video') readonly video!: HTMLVideoElement;
  @query('input') readonly input!: HTMLInputElement;
  #open = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    this.#open = new AbortController();
    void this.#scan(this.#open.signal);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#open.abort();
  }

  protected override render(): TemplateResult {
    const seen = this.camera === 'asking' || this.camera === 'looking';
    return html`<div>
        <video ?hidden=${!seen} muted playsinline aria-label=${CAMERA_PICTURE}></video>
        <p class="small" role="status">${CAMERA_WORDS[this.camera]}</p>
      </div>
      <form novalidate @submit=${this.#paste}>
        <div>
          <label for="link">${PASTE_LINK}</label>
          <input
            id="link"
            type="text"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            aria-invalid=${this.wrong === null ? 'false' : 'true'}
            aria-describedby="wrong"
          />
        </div>
        <button>${USE_IT}</button>
      </form>
      <p id="wrong" class="error" role="alert" ?hidden=${this.wrong === null}>${this.wrong}</p>`;
  }

  async #scan(signal: AbortSignal): Promise<void> {
    // Not there outside of a secure context, whatever the types say.
    const { mediaDevices } = navigator as { readonly mediaDevices?: MediaDevices };
    if (mediaDevices === undefined) {
      this.camera = window.isSecureContext ? 'none' : 'not-secure';
      return;
    }
    let stream: MediaStream;
    try {
      stream = await mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    } catch (error) {
      // No camera, or the person or a policy said no: the link can still be pasted.
      this.camera = error instanceof DOMException && error.name === 'NotAllowedError' ? 'refused' : 'none';
      return;
    }
    const stop = (): void => stream.getTracks().forEach((track) => track.stop());
    signal.addEventListener('abort', stop);
    // Closed while the browser was asking.
    if (signal.aborted) {
      stop();
      return;
    }
    await this.#look(stream, signal);
    stop();
  }

  async #look(stream: MediaStream, signal: AbortSignal): Promise<void> {
    await this.updateComplete;
    this.video.srcObject = stream;
    const [read] = await Promise.all([openCodeReader(), playing(this.video, signal)]);
    this.camera = 'looking';
    while (!signal.aborted) {
      const text = await read(this.video);
      if (text !== null && this.#take(text, NO_DEVICE_CODE)) return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  #paste(event: SubmitEvent): void {
    event.preventDefault();
    this.#take(this.input.value, NO_DEVICE_LINK);
  }

  #take(text: string, otherwise: string): boolean {
    const device = deviceInLink(text);
    this.wrong = device === null ? otherwise : null;
    if (device !== null) this.dispatchEvent(new OpenDeviceEvent(device));
    return device !== null;
  }
}

/** A picture that is taken away while it starts was closed by the person. */
async function playing(video: HTMLVideoElement, signal: AbortSignal): Promise<void> {
  try {
    await video.play();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'scan-code': ScanCode;
  }
}
