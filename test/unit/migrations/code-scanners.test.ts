import { describe, expect, it } from 'vitest';
import { iniOption, iniSections } from '../../../main/migrations/tools/code/ini.ts';
import { jsSource, stringsAt, valuesOf } from '../../../main/migrations/tools/code/js-values.ts';
import { masked } from '../../../main/migrations/tools/code/mask.ts';
import { joined } from '../../../main/migrations/tools/code/project-tree.ts';
import { logicalLines } from '../../../main/migrations/tools/code/python-lines.ts';
import { computed, pythonValue } from '../../../main/migrations/tools/code/python-values.ts';
import { tomlTable } from '../../../main/migrations/tools/code/toml.ts';
import { cpuTime } from '../../support/cpu-time.ts';

describe('masking', () => {
  it('keeps offsets and line ends, and blanks comments and strings of JavaScript', () => {
    const text =
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source that is read
      "a = '//b'; // class X\nb = `x ${ c('class Y') } class Z`; /* class\nQ */ d = /class\\/W'/g.test(e / f / g)";
    const code = masked(text, 'javascript');
    expect(code.length).toBe(text.length);
    expect(code).not.toContain('class');
    expect(code).toContain("c('       ')");
    expect(code).toContain('e / f / g)');
    expect(code.split('\n').length).toBe(text.split('\n').length);
  });

  it('knows heredocs and =begin of Ruby, heredocs and attributes of PHP, and long strings of Elixir', () => {
    expect(
      masked('execute <<~SQL\n  def down\nSQL\ndef up; end\n=begin\ndef down\n=end\n', 'ruby'),
    ).not.toContain('down');
    expect(masked('execute <<~SQL\n  def down\nSQL\ndef up; end\n', 'ruby')).toContain('def up');
    expect(
      masked("<?php #[Attr]\n# function down(\n$x = <<<'E'\nfunction down(\nE;\nfunction up() {}", 'php'),
    ).toContain('function up() {}');
    expect(masked("<?php # function down(\n$x = <<<'E'\nfunction down(\nE;\n", 'php')).not.toContain('down');
    expect(masked('@doc """\ndef down\n"""\ndef up do', 'elixir')).toMatch(/^@doc """\n *\n"""\ndef up do$/);
  });

  it('takes time in proportion to the text', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source that is read
    const text = "x = a / b; y = 'c'; /* d */ `${e}` // f\n".repeat(25_000);
    const start = cpuTime();
    expect(masked(text, 'javascript').length).toBe(text.length);
    expect(cpuTime(start)).toBeLessThan(2000);
  });

  it('ends for what is never closed', () => {
    for (const language of ['javascript', 'ruby', 'php', 'elixir'] as const)
      for (const text of [
        '"abc',
        "'abc\n",
        '`a ${ b',
        '/* x',
        '<<~E\nx',
        '<<<E\nx',
        '"""',
        '/[a',
        '}',
        '`${`${',
      ])
        expect(masked(text, language).length).toBe(text.length);
  });
});

describe('values of JavaScript', () => {
  const read = (text: string, key = 'directory') => {
    const source = jsSource(text);
    return valuesOf(source, key).map((value) => stringsAt(source, value));
  };

  it('are read from literals, arrays, joined paths and templates; what is computed is not known', () => {
    expect(read(`x = { directory: './a', "directory": ["b", 'c'] }`)).toEqual([['./a'], ['b', 'c']]);
    expect(read('x = { directory: path.join(__dirname, \'a\', "b") }')).toEqual([['./a/b']]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source that is read
    expect(read('x = { directory: `${__dirname}/m`, y: 1 }')).toEqual([['./m']]);
    expect(read("x = { directory: __dirname + '/m' }")).toEqual([['./m']]);
    expect(read('x = { directory: process.env.DIR }')).toEqual([undefined]);
    expect(read("// directory: 'no'\nx = { 'other': { directory : 'a' as const } }")).toEqual([['a']]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source that is read
    expect(read('x = cond ? { directory: `${base}/m` } : 0')).toEqual([undefined]);
  });
});

describe('values of Python', () => {
  it('are read and never run', () => {
    expect(pythonValue(`None`)).toBeNull();
    expect(pythonValue(`("a", 'b',)`)).toEqual(['a', 'b']);
    expect(pythonValue(`("a")`)).toBe('a');
    expect(pythonValue(`"a", "b"`)).toEqual(['a', 'b']);
    expect(pythonValue(`[("x", "1"), y.z("q")] + more`)).toEqual([
      ['x', '1'],
      { call: 'y.z', args: ['q'] },
      computed,
    ]);
    expect(pythonValue(`r'\\d' "\\x41\\n"`)).toBe('\\dA\n');
    expect(pythonValue(`f"a{b}"`)).toEqual(computed);
    expect(pythonValue(`f"ab"  # plain`)).toBe('ab');
    expect(pythonValue(`[x for x in y]`)).toEqual(computed);
    expect(pythonValue(`"a" if b else "c"`)).toEqual(computed);
    expect(pythonValue('')).toEqual(computed);
  });

  it('stand in logical lines', () => {
    const text = 'a = (1,\n  2)\n# c\n\tb = """x\n"y" \\""""\nc = 1 \\\n  + 2\r\nd = 1; e = 2\n';
    expect(
      logicalLines(text).lines.map(({ start, end, indent }) => [indent, text.slice(start, end).trim()]),
    ).toEqual([
      [0, 'a = (1,\n  2)'],
      [1, 'b = """x\n"y" \\""""'],
      [0, 'c = 1 \\\n  + 2'],
      [0, 'd = 1; e = 2'],
    ]);
  });
});

describe('configuration', () => {
  it('of Python’s configparser: sections, continued lines, interpolation', () => {
    const sections = iniSections(
      '[DEFAULT]\nroot = /r\n[alembic]\n; no = 1\nPath: %(root)s/%(here)s/%%d\nmany = a\n  b\n',
    );
    expect(iniOption(sections, 'alembic', 'path', { here: 'H' })).toBe('/r/H/%d');
    expect(iniOption(sections, 'alembic', 'many')).toBe('a\nb');
    expect(iniOption(iniSections('[a]\nx = %(x)s'), 'a', 'x')).toContain('%(x)s');
  });

  it('of TOML: one table’s strings, booleans and arrays', () => {
    const table = tomlTable(
      '[a]\nx = 1\n[tool.alembic]\nx = \'l#t\' # c\nlist = [\n "a", # "no"\n \'b\' ]\nyes = true\n[b]\nx = 2',
      'tool.alembic',
    );
    expect(Object.fromEntries(table ?? [])).toEqual({ x: 'l#t', list: ['a', 'b'], yes: true });
    expect(tomlTable('[tool]', 'tool.alembic')).toBeUndefined();
  });

  it('paths are joined without leaving the project unseen', () => {
    expect(joined('a/b', '../c', './d')).toBe('a/c/d');
    expect(joined('a', '../../x')).toBe('../x');
  });
});
