import type { ImportCandidate, ImportPreview } from '../../../../preload/contract/imports.ts';

/** A connection found, of which only what matters is given. */
export function candidate(
  key: string,
  {
    draft,
    ...about
  }: Partial<Omit<ImportCandidate, 'draft'>> & { draft?: Partial<ImportCandidate['draft']> } = {},
): ImportCandidate {
  return {
    key,
    kind: 'env',
    file: '.env',
    line: 1,
    from: key,
    hasPassword: false,
    notes: [],
    same: null,
    ...about,
    draft: {
      name: key,
      group: '',
      color: 'green',
      protection: 'open',
      connection: {
        host: 'db.example.com',
        port: 5432,
        database: 'app',
        user: 'ada',
        sslmode: 'verify-full',
        parameters: {},
      },
      ...draft,
    },
  };
}

export function preview(...candidates: ImportCandidate[]): ImportPreview {
  return { id: 'p', candidates, problems: [] };
}
