import { expect } from 'chai';
import { type Carried, Concurrency } from '../../src/rollout/concurrency.ts';

/** Bytes per update; any number will do. */
const IMAGE = 1_500_000;

/** A clock that the test moves, and a link that carries so many updates at full speed. */
class Network {
  now = 0;
  readonly width: Concurrency;
  /** How many devices it carries before they slow each other down. */
  readonly carries: number;

  constructor(carries: number, fixed: number | null = null) {
    this.width = new Concurrency(fixed, 0);
    this.carries = carries;
    this.width.reset(0);
  }

  /** A wave of as many as may run ends at once; some of them in trouble. */
  wave(troubles: readonly Carried['trouble'][] = []): void {
    const running = this.width.now;
    this.now += 10_000 * Math.max(1, running / this.carries);
    for (let at = 0; at < running; at += 1) this.end(troubles[at] ?? 'none');
  }

  end(trouble: Carried['trouble'] = 'none'): void {
    this.width.countEnd({ bytes: trouble === 'lost' ? 0 : IMAGE, trouble }, this.now);
  }

  /** The concurrency of each of the next waves. */
  waves(count: number): number[] {
    return Array.from({ length: count }, () => {
      this.wave();
      return this.width.now;
    });
  }
}

const times = (count: number, trouble: Carried['trouble']): Carried['trouble'][] =>
  Array.from({ length: count }, () => trouble);

describe('how many updates run at once', () => {
  it('begins with 4, doubles with each wave while that brings more, and ends at 32', () => {
    const network = new Network(Infinity);
    expect(network.width.now).to.equal(4);
    expect(network.waves(5)).to.deep.equal([8, 16, 32, 32, 32]);
  });

  it('does not move before a whole wave has ended', () => {
    const network = new Network(Infinity);
    network.now = 10_000;
    for (let at = 0; at < 3; at += 1) network.end();
    expect(network.width.now).to.equal(4);
    network.end();
    expect(network.width.now).to.equal(8);
  });

  it('takes back a step that did not pay, and tries no other: the link is full', () => {
    expect(new Network(4).waves(5)).to.deep.equal([8, 4, 4, 4, 4]);
    expect(new Network(8).waves(6)).to.deep.equal([8, 16, 8, 8, 8, 8]);
  });

  it('keeps a step that brought 15 % more or better', () => {
    expect(new Network(4 * 1.14).waves(2)).to.deep.equal([8, 4]);
    expect(new Network(4 * 1.16).waves(2)).to.deep.equal([8, 16]);
  });

  it('halves at once where a connection is lost, and grows again after one wave without', () => {
    const network = new Network(Infinity);
    network.waves(2);
    network.now += 1000;
    network.end('lost');
    expect(network.width.now).to.equal(8);
    expect(network.waves(3)).to.deep.equal([16, 32, 32]);
  });

  it('halves once for connections that are lost together, and once more for those lost after that', () => {
    const network = new Network(Infinity);
    network.waves(2);
    network.now += 1000;
    for (let at = 0; at < 4; at += 1) network.end('lost');
    expect(network.width.now).to.equal(8);
    network.now += 1000;
    for (let at = 0; at < 5; at += 1) network.end('lost');
    expect(network.width.now).to.equal(4);
  });

  it('is never less than 1', () => {
    const network = new Network(Infinity);
    for (let at = 0; at < 40; at += 1) {
      network.now += 1000;
      network.end('lost');
    }
    expect(network.width.now).to.equal(1);
    expect(network.waves(2)).to.deep.equal([2, 4]);
  });

  it('halves once after a wave in which half needed another try', () => {
    const network = new Network(Infinity);
    network.waves(1);
    network.wave(times(4, 'retried'));
    expect(network.width.now).to.equal(4);
  });

  it('stays where a few needed another try, and judges its last step by the next wave', () => {
    const network = new Network(4);
    network.waves(1);
    network.wave(times(3, 'retried'));
    expect(network.width.now).to.equal(8);
    expect(network.waves(2)).to.deep.equal([4, 4]);
  });

  it('grows again after a loss, also where it had settled', () => {
    const network = new Network(4);
    network.waves(3);
    network.now += 1000;
    network.end('lost');
    expect(network.width.now).to.equal(2);
    expect(network.waves(4)).to.deep.equal([4, 8, 4, 4]);
  });

  it('counts no pause as slowness', () => {
    const network = new Network(Infinity);
    network.waves(1);
    network.now += 3_600_000;
    network.width.resume(network.now);
    expect(network.waves(2)).to.deep.equal([16, 32]);
  });

  it('forgets the first wave when the rest begins', () => {
    for (const first of ['none', 'lost'] as const) {
      const network = new Network(Infinity);
      network.now += 10_000;
      for (let at = 0; at < 9; at += 1) network.end(first);
      network.width.reset(network.now);
      expect(network.width.now, first).to.equal(4);
      expect(network.waves(3), first).to.deep.equal([8, 16, 32]);
    }
    const settled = new Network(4);
    settled.waves(3);
    settled.width.reset(settled.now);
    expect(settled.waves(2)).to.deep.equal([8, 4]);
  });

  it('is what the person set, whatever happens, within 1 and 32', () => {
    const network = new Network(Infinity, 7);
    network.wave();
    network.wave(times(7, 'lost'));
    network.wave(times(7, 'retried'));
    expect(network.width.now).to.equal(7);
    expect(new Concurrency(99, 0).now).to.equal(32);
    expect(new Concurrency(0, 0).now).to.equal(1);
  });
});
