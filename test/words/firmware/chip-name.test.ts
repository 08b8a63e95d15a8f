import { expect } from 'chai';
import { ESP8266_ID } from '../../../src/model/firmware/inspection.ts';
import { chipName } from '../../../src/words/firmware/chip-name.ts';

describe('A chip', () => {
  it('is called by its name, and by its number where there is none', () => {
    expect([9, ESP8266_ID, 77].map(chipName)).to.deep.equal(['ESP32-S3', 'ESP8266', 'unknown chip 77']);
  });
});
