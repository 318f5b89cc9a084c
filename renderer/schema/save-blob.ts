/** Hands a file over: the browser keeps it among its downloads, the desktop asks or does the same. */
export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The download has begun by then; taken back at once, some browsers lose it.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** A file's name made of one from a database, without what some file system does not take. */
export function fileName(name: string, extension: string): string {
  const base = name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '');
  return `${base.slice(0, 120) || 'schema'}.${extension}`;
}
