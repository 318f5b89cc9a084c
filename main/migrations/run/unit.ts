/** A text that is sent to the server in one go. */
export interface Unit {
  text: string;
  /** Where it begins in the file: UTF-16 units from its beginning, a byte order mark left out. */
  start: number;
}
