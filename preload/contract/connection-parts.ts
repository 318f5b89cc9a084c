/** Whether a parameter's value must never be written down. */
export function isSecretParameter(name: string): boolean {
  return /password|secret|token|scram_.*_key/i.test(name);
}

/** Whether a text can be a host's name, an address, or a socket directory. */
export function isHost(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the very characters to be refused.
  return text.startsWith('/') ? !/[\u0000-\u001f]/.test(text) : /^[^\s@/?#,\u0000-\u001f]+$/.test(text);
}
