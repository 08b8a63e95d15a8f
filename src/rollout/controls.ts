/** What a person can do to a running rollout. */
export class RolloutControls {
  readonly #listeners = new Set<() => void>();
  #paused = false;
  #finishing = false;
  #answer: 'go-on' | 'stop' | null = null;

  get paused(): boolean {
    return this.#paused;
  }

  /** Whether nothing new may start. */
  get finishing(): boolean {
    return this.#finishing;
  }

  /** What the person answered after a first wave that did not go well; null: nothing yet. */
  get answer(): 'go-on' | 'stop' | null {
    return this.#answer;
  }

  /** Starts nothing new. The updates that run are paused by whoever owns them. */
  pause(): void {
    this.#paused = true;
    this.#tell();
  }

  resume(): void {
    this.#paused = false;
    this.#tell();
  }

  /** Stops after the updates that run now. */
  finish(): void {
    this.#finishing = true;
    this.#tell();
  }

  answerFirstWave(answer: 'go-on' | 'stop'): void {
    this.#answer = answer;
    this.#tell();
  }

  /**
   * Calls `listener` at every change.
   *
   * @returns how to stop that
   */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
