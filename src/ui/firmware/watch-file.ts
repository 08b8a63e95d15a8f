import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { WholeApp } from '../../state/app.ts';
import type { WatchEvent, WatchState, WatchView } from '../../state/firmware/watched-file.ts';
import { momentInWords } from '../../words/moments.ts';
import { base, buttons, fields } from '../kit/theme.ts';
import { Watch } from '../kit/watch.ts';

/** For the bench: looks at one file on the disk, and says or sends each new build. Nothing where the browser cannot. */
@customElement('watch-file')
export class WatchFile extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    css`
      section {
        display: grid;
        gap: calc(2 * var(--u));
        justify-items: start;
        margin-bottom: calc(5 * var(--u));
        padding-bottom: calc(5 * var(--u));
        border-bottom: 1px solid var(--line);
      }
      h2 {
        font-size: var(--text);
      }
      section > div {
        width: min(100%, 320px);
      }
      p {
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) app!: WholeApp;
  /** Loaded with the first need. */
  @state() watching: WatchState | null = null;
  @state() view: WatchView = { kind: 'off' };
  readonly #devices = new Watch(this, () => this.app.devices.$devices);
  #stop: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // The file is watched on: only nobody looks at this view of it.
    this.#stop?.();
    this.#stop = null;
  }

  protected override render(): TemplateResult | null {
    if (this.watching?.isPossible !== true) return null;
    return html`<section aria-label="Watch a file">
      ${this.view.kind === 'off' ? this.#off() : this.#on(this.view)}
    </section>`;
  }

  #off(): TemplateResult {
    return html`<button @click=${() => this.watching?.choose()}>Watch a file</button>
      <p class="small soft">
        Choose the file that your build writes. Each new build is checked as it appears, and sent if you ask for that.
        While this page is hidden the browser may let a minute pass before it looks.
      </p>`;
  }

  #on({ name, sendTo, event }: Extract<WatchView, { kind: 'on' }>): TemplateResult {
    return html`<h2>Watching <span class="mono">${name}</span></h2>
      <p role="status">${inWords(event)}</p>
      <div>
        <label for="target">Send each new build to</label>
        <select id="target" @change=${this.#choose}>
          <option value="" ?selected=${sendTo === null}>No device, only say so</option>
          ${this.#devices.value.map(
            ({ id, name: device }) =>
              html`<option value=${id} selected=${id === sendTo ? '' : nothing}>${device}</option>`,
          )}
        </select>
      </div>
      <button @click=${() => this.watching?.stop()}>Stop watching</button>`;
  }

  async #load(): Promise<void> {
    const watching = await this.app.watch();
    if (!this.isConnected) return;
    this.watching = watching;
    this.#stop ??= watching.$watch.subscribe((view) => (this.view = view));
  }

  #choose(event: Event & { readonly currentTarget: HTMLSelectElement }): void {
    this.watching?.sendTo(event.currentTarget.value || null);
  }
}

function inWords(event: WatchEvent): string {
  switch (event.kind) {
    case 'waiting':
      return 'It is as it was. The next build is taken when it has been still for a second.';
    case 'settling':
      return 'It is being written.';
    case 'missing':
      return 'It is not there just now, or may not be read any more. Moult keeps looking.';
    case 'refused':
      return `This build is not taken. ${event.told ?? 'Another file was chosen while it was read.'}`;
    case 'ready':
      return `${event.version ?? 'The build'} has been chosen since ${momentInWords(event.at, Date.now())}.`;
    case 'held':
      return 'A new build is there. It is sent when no update or rollout runs any more, here or in another tab.';
    case 'sent':
      return `${event.version ?? 'The build'} went to ${event.device}, ${momentInWords(event.at, Date.now())}. Its card tells how that ends.`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'watch-file': WatchFile;
  }
}
