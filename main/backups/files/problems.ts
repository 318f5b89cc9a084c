import type { Explanation } from '../../../preload/contract/common.ts';

/** What a file is that can't be used as a backup. */
export type NoBackup =
  | 'empty'
  | 'missing'
  | 'unreadable'
  | 'no-dump'
  | 'zip'
  | 'xz'
  | 'bzip2'
  | 'utf-16'
  | 'toc-alone'
  | 'packed-directory'
  | 'other-tar'
  | 'base-backup'
  | 'other-encryption'
  | 'mysql'
  | 'folder'
  | 'cut'
  | 'damaged'
  | 'archive-too-new';

const words: Record<NoBackup, [what: string, why: string, next: string]> = {
  empty: [
    'The file is empty.',
    'It has no bytes: a dump that failed at once, or a redirection of nothing, leaves such files.',
    'Make the backup again, and look at what the program that made it said.',
  ],
  missing: [
    'There is no such file or folder.',
    'It was removed or renamed, or its disk is not there.',
    'Check the path.',
  ],
  unreadable: [
    'The file can’t be read.',
    'The system refuses it to this account.',
    'Give this account the right to read it.',
  ],
  'no-dump': [
    'This is no dump of PostgreSQL.',
    'It begins neither as an archive of pg_dump nor as a dump in SQL by pg_dump or pg_dumpall.',
    'Choose another file. SQL that somebody wrote can be run by psql.',
  ],
  zip: [
    'This is a ZIP file, whatever its name says.',
    'It begins with the mark of ZIP.',
    'Unpack it, then choose what was in it.',
  ],
  xz: [
    'The file is compressed with xz, which is not read here.',
    'It begins with the mark of xz.',
    'Unpack it with xz -d, then choose the result.',
  ],
  bzip2: [
    'The file is compressed with bzip2, which is not read here.',
    'It begins with the mark of bzip2.',
    'Unpack it with bzip2 -d, then choose the result.',
  ],
  'utf-16': [
    'The dump was written as UTF-16, which psql can’t run; Howdah restores it.',
    'Windows PowerShell’s > changes what a program prints into UTF-16; letters beyond ASCII may be lost by that.',
    'Make it again with pg_dump’s own -f FILE, or with > in cmd. If that can’t be, change a copy with: iconv -f UTF-16 -t UTF-8 FILE > COPY, and look at its letters beyond ASCII.',
  ],
  'toc-alone': [
    'This is the table of contents of a directory backup.',
    'The rows are in the files beside it.',
    'Choose the folder that it lies in.',
  ],
  'packed-directory': [
    'This is a directory backup that was packed with tar.',
    'pg_restore reads the folder, not its package.',
    'Unpack it with tar -xf, then choose the folder with toc.dat.',
  ],
  'other-tar': [
    'This is a tar file, but not one of pg_dump.',
    'It does not begin with toc.dat.',
    'Unpack it, then choose what was in it.',
  ],
  'base-backup': [
    'This is a base backup of a whole server.',
    'It holds the server’s files as pg_basebackup copies them, not a dump.',
    'Restore it with the server stopped, as the manual’s chapter on continuous archiving says.',
  ],
  'other-encryption': [
    'The file is encrypted in a way that is not read here.',
    'It begins with the mark of OpenSSL or GnuPG.',
    'Decrypt it with the program that encrypted it, then choose the result.',
  ],
  mysql: [
    'This is a dump of MySQL or MariaDB.',
    'It says so in its first line.',
    'Choose a dump of PostgreSQL.',
  ],
  folder: [
    'The folder is no backup.',
    'A directory backup of pg_dump has a file toc.dat.',
    'Choose a folder with toc.dat, or look for backups in this one.',
  ],
  cut: [
    'The backup is cut off.',
    'It ends before its own structure does: the disk was full, or the program or a copy was ended.',
    'Make the backup again, or take an older one.',
  ],
  damaged: [
    'The backup is damaged.',
    'What it says of itself contradicts itself.',
    'Take a copy that is whole, or an older backup.',
  ],
  'archive-too-new': [
    'The archive is of a version that is not known here.',
    'It was written by a newer pg_dump.',
    'Restore it with the pg_restore of the version that wrote it.',
  ],
};

/** @param detail goes after the reason, as a sentence */
export function noBackup(kind: NoBackup, detail?: string): Explanation {
  const [what, why, next] = words[kind];
  return { cause: `backup-${kind}`, what, why: detail ? `${why} ${detail}` : why, next };
}
