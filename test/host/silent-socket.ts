/** A UDP socket that goes nowhere, and hears what its test says, for the tests of mDNS. */
import { EventEmitter } from 'node:events';

export abstract class SilentSocket extends EventEmitter {
  // A socket that goes nowhere has no reach.
  readonly setMulticastTTL = (): void => undefined;
  readonly setMulticastLoopback = this.setMulticastTTL;
  readonly setMulticastInterface = this.setMulticastTTL;
  readonly addMembership = this.setMulticastTTL;
  readonly dropMembership = this.setMulticastTTL;

  /** Told of each question that is sent. */
  protected abstract asked(message: Buffer): void;

  /** As if it came from a device on the network. */
  protected says(packet: Buffer): void {
    this.emit('message', packet, { address: '192.168.1.9', port: 5353 });
  }

  bind(_port: number, _address: unknown, done: () => void): void {
    setImmediate(() => {
      this.emit('listening');
      done();
    });
  }

  address(): object {
    return { address: '0.0.0.0', family: 'IPv4', port: 5353 };
  }

  send(message: Buffer, _offset: number, _length: number, _port: number, _address: string, done?: () => void): void {
    done?.();
    this.asked(message);
  }

  close(done?: () => void): void {
    done?.();
  }
}
