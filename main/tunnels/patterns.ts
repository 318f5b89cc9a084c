/**
 * Whether a text matches a pattern of `*` (any run of characters) and `?` (one character), as ssh_config(5) and
 * sshd(8) use them. Takes time proportional to both lengths, whatever the pattern.
 */
export function matchesPattern(text: string, pattern: string): boolean {
  let at = 0;
  let p = 0;
  let star = -1;
  let starAt = 0;
  while (at < text.length) {
    if (p < pattern.length && (pattern[p] === '?' || (pattern[p] === text[at] && pattern[p] !== '*'))) {
      at += 1;
      p += 1;
    } else if (pattern[p] === '*') {
      star = p;
      starAt = at;
      p += 1;
    } else if (star >= 0) {
      p = star + 1;
      starAt += 1;
      at = starAt;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}

/** Whether a text matches one of the patterns and none that begins with `!`. */
export function matchesList(text: string, patterns: readonly string[]): boolean {
  let found = false;
  for (const pattern of patterns) {
    if (pattern.startsWith('!')) {
      if (matchesPattern(text, pattern.slice(1))) return false;
    } else if (matchesPattern(text, pattern)) {
      found = true;
    }
  }
  return found;
}
