import { expect } from 'chai';
import { withMinifiedTemplates } from '../../tools/vite/minify-templates.ts';

describe('Minified templates', () => {
  it('keep one space of markup, which may part two words', () => {
    const source = 'html`<p>\n    One\n    <b>two</b> ${three}\n  </p>`';
    expect(withMinifiedTemplates(source)).to.equal('html`<p> One <b>two</b> ${three} </p>`');
  });

  it('keep a space that does not break', () => {
    expect(withMinifiedTemplates('html`<b>1\u00a0\u00a0MB</b>`')).to.equal('html`<b>1\u00a0\u00a0MB</b>`');
  });

  it('keep of styles what selectors and sums need', () => {
    const source = [
      'css`',
      '  /* Wide enough: two columns. */',
      '  .a > b:first-child,',
      '  li :hover {',
      '    width: calc(2 * var(--u) - 1px);',
      '    margin: 0 ${edge} 1px;',
      '  }',
      '  @media (max-width: 719px) {',
      '    p + p {',
      '      margin: 0 -1px;',
      '    }',
      '  }',
      '`',
    ].join('\n');
    expect(withMinifiedTemplates(source)).to.equal(
      'css` .a > b:first-child,li :hover{width:calc(2 * var(--u) - 1px);margin:0 ${edge} 1px;}@media (max-width:719px){p + p{margin:0 -1px;}}`',
    );
  });

  it('are found inside of one another, and what is between them stays as it is', () => {
    const source =
      "const a = 'x   y';\nhtml`<ul>\n  ${list.map((one) => html`<li>\n  ${one}  </li>`)}\n</ul>`;\n`a\n  b`;";
    expect(withMinifiedTemplates(source)).to.equal(
      "const a = 'x   y';\nhtml`<ul> ${list.map((one) => html`<li> ${one} </li>`)} </ul>`;\n`a\n  b`;",
    );
  });
});
