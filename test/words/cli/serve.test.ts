import { expect } from 'chai';
import { greetingText } from '../../../src/words/cli/serve.ts';

describe('what “moult serve” says of its simulated devices', () => {
  it('is what each of them is, and what it asks for, by its own name', () => {
    const address = 'http://127.0.0.1:8080';
    const text = greetingText({
      ...{ url: 'http://localhost:6685', lan: null },
      simulated: [
        { name: 'Hall', address, token: 'c0ffee' },
        { name: 'Plug', what: 'Tasmota', address, token: 'shelf', user: 'admin' },
        { name: 'Sketch', what: 'ArduinoOTA', address, token: 'shelf' },
        { name: 'Lamp', what: 'WLED', address, token: '' },
      ],
    });
    expect(text.split('\n').slice(3, -2)).to.deep.equal([
      ...['Simulated devices, for this machine:', `  Hall  ${address}`, '    token c0ffee'],
      ...[`  Plug (Tasmota)  ${address}`, '    user admin, password shelf'],
      ...[`  Sketch (ArduinoOTA)  ${address}`, '    password shelf', `  Lamp (WLED)  ${address}`],
    ]);
  });
});
