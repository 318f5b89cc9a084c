/** Hands a text over as a file: the browser keeps it among its downloads, the desktop asks or does the same. */
export function download(name: string, text: string, type = 'application/json'): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The download has begun by then; taken back at once, some browsers lose it.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
