/** Sections of an INI file as Python's configparser reads it; names of options in lower case, values as written. */
export type IniSections = Map<string, Map<string, string>>;

export function iniSections(text: string): IniSections {
  const sections: IniSections = new Map();
  let options: Map<string, string> | undefined;
  let last: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:[#;]|$)/.test(line)) continue;
    const header = /^\[([^\]]+)\]/.exec(line);
    if (header) {
      options = sections.get(header[1] as string) ?? new Map();
      sections.set(header[1] as string, options);
      last = undefined;
    } else if (/^\s/.test(line) && options && last !== undefined) {
      options.set(last, `${options.get(last) ?? ''}\n${line.trim()}`.trim());
    } else {
      const option = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line.trim());
      if (!option || !options) continue;
      last = (option[1] as string).toLowerCase();
      options.set(last, (option[2] as string).trim());
    }
  }
  return sections;
}

/** One option with `%(other)s` filled in from its section, `[DEFAULT]` and `given`; `%%` is a percent sign. */
export function iniOption(
  sections: IniSections,
  section: string,
  name: string,
  given: Record<string, string> = {},
): string | undefined {
  const lookUp = (key: string): string | undefined =>
    sections.get(section)?.get(key) ?? sections.get('DEFAULT')?.get(key) ?? given[key];
  const fill = (value: string, depth: number): string =>
    value.replace(/%%|%\(([^)]+)\)s/g, (whole, key: string | undefined) => {
      if (key === undefined) return '%';
      const other = lookUp(key.toLowerCase());
      return other === undefined || depth > 10 ? whole : fill(other, depth + 1);
    });
  const value = lookUp(name);
  return value === undefined ? undefined : fill(value, 0);
}
