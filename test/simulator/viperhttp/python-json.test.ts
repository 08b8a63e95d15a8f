import { expect } from 'chai';
import { PythonFloat, pythonJson } from '../../../src/simulator/viperhttp/python-json.ts';

describe('JSON as the device writes it', () => {
  it('has a space after each comma and colon', () => {
    expect(pythonJson({ a: [1, null, true], 'b "c"': {}, d: [] })).to.equal(
      '{"a": [1, null, true], "b \\"c\\"": {}, "d": []}',
    );
  });

  it('has a decimal point in every float, and in no integer', () => {
    expect(pythonJson([new PythonFloat(0), new PythonFloat(7.68), 7])).to.equal('[0.0, 7.68, 7]');
  });
});
