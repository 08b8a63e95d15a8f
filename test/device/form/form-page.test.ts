import { expect } from 'chai';
import { readPage } from '../../../src/device/form/form-page.ts';
import type { FormKind } from '../../../src/simulator/forms/options.ts';
import { SimulatedForm } from '../../../src/simulator/forms/simulated-form.ts';
import { fetchFrom } from '../../../src/simulator/device-fetch.ts';
import { fc } from '../../random.ts';

const read = (text: string, path = '/update') => readPage({ status: 200, text }, path);

async function pageOf(kind: FormKind): Promise<string> {
  const fetch = fetchFrom(new Map([['http://device', new SimulatedForm({ kind })]]));
  return (await fetch('http://device/update')).text();
}

describe('the page that takes firmware', () => {
  it('is told apart by its maker', async () => {
    const made = async (kind: FormKind) => read(await pageOf(kind))?.made;
    expect(await made('update-server')).to.equal('update-server');
    expect(await made('espeasy')).to.equal('update-server');
    expect(await made('sketch')).to.equal('plain');
    expect(await made('async')).to.equal('plain');
    expect(await made('elegant-2')).to.equal('elegant-2');
    expect(await made('elegant-3')).to.equal('elegant-3');
  });

  it('gives the name of the file’s field, and which one is for files that are not firmware', () => {
    const form = (inputs: string) => `<form method=post action=/update enctype="multipart/form-data">${inputs}</form>`;
    expect(read(form('<input type="file" name="image">'))).to.deep.equal({ made: 'plain', field: 'image' });
    expect(read(form("<INPUT name='spiffs' type='file'><INPUT name='fw' TYPE='file'>"))?.field).to.equal('fw');
    expect(read(form('<input type=file name=filesystem>')), 'for files alone').to.equal(null);
    expect(read(form('<input type="text" name="file">'))).to.equal(null);
  });

  it('may be the first page of a sketch, or send by a script, but leads to /update', () => {
    const input = '<input type="file" name="update">';
    expect(read(`<form action="/update">${input}</form>`, '/')?.field).to.equal('update');
    expect(read(`<form action="#">${input}</form><script>post('/update')</script>`, '/')?.field).to.equal('update');
    expect(read(`<form action="">${input}</form>`, '/'), 'a form that leads to another place').to.equal(null);
    expect(read(`<form action="/restore">${input}</form>`)).to.equal(null);
  });

  it('is not read with another status, and gives no field name that no page could mean', () => {
    const form = '<form action="/update"><input type="file" name="a b\r\nX: y"></form>';
    expect(readPage({ status: 401, text: form }, '/update')).to.equal(null);
    expect(read(form)?.field).to.equal('update');
  });

  it('is read from anything, without an error', () => {
    const bits = fc.constantFrom(
      '<input',
      '<form',
      ' type=file',
      " name='x'",
      ' action=/update',
      '>',
      '"',
      '/ota/start',
      ' ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(bits, { maxLength: 40 }).map((all) => all.join('')),
        ),
        (text) => {
          const page = read(text);
          if (page !== null) expect(page.field).to.match(/^[\w.-]{1,40}$/);
        },
      ),
    );
  });
});
