import { expect } from 'chai';
import { shortenTemplates } from './shorter-templates.ts';

describe('Shorter templates', () => {
  it('have no indentation, and still a space where there was one', () => {
    const code = 'html`<p>\n      What ${happened},\n      then “more”.\n    </p>`;';
    expect(shortenTemplates(code)).to.equal('html`<p> What ${happened}, then “more”. </p>`;');
  });

  it('have styles without comments, and with the spaces that mean something', () => {
    const code = 'css`\n  /* Why. */\n  a :hover > b,\n  c {\n    margin: calc(2 * ${u}) auto;\n  }\n`;';
    expect(shortenTemplates(code)).to.equal('css` a :hover > b,c{margin: calc(2 * ${u}) auto;}`;');
  });

  it('are found within templates, and nothing else is touched', () => {
    const code = 'html`<i>${all.map((one) => html`\n  <b>${one}</b>`)}</i>`;\nconst kept = `a\n  b`;\nother`a\n  b`;';
    expect(shortenTemplates(code)).to.equal(
      'html`<i>${all.map((one) => html` <b>${one}</b>`)}</i>`;\nconst kept = `a\n  b`;\nother`a\n  b`;',
    );
  });
});
