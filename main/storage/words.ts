const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Bytes as a person says them, in units of 1024: `3.2 GB`. */
export function bytesWords(bytes: number): string {
  let left = Math.abs(bytes);
  let unit = 0;
  while (left >= 1023.95 && unit < units.length - 1) {
    left /= 1024;
    unit += 1;
  }
  return `${bytes < 0 ? '−' : ''}${left < 100 && unit > 0 ? left.toFixed(1).replace(/\.0$/, '') : Math.round(left)} ${units[unit]}`;
}

/** A span in ms in its largest unit: `3 h`, `12 days`. */
export function spanWords(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}

const grouped = new Intl.NumberFormat('en-US');
export const countWords = (value: number): string => grouped.format(Math.round(value));
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${countWords(value)} ${value === 1 ? one : many}`;
