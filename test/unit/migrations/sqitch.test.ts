import { describe, expect, it } from 'vitest';
import { FileProblem } from '../../../main/migrations/tools/shared/file-problem.ts';
import { sqitch } from '../../../main/migrations/tools/sqitch.ts';
import { parsePlan } from '../../../main/migrations/tools/sqitch-plan.ts';
import { candidate } from '../../support/migration-tracks.ts';

const head = '%syntax-version=1.0.0\n%project=flipr\n\n';
const by = '2024-01-02T03:04:05Z Ada <ada@example.org>';

describe('Sqitch', () => {
  it('is told by its tables together', () => {
    const stamp = 'timestamp with time zone';
    const changes = candidate('changes', {
      change_id: 'text',
      change: 'text',
      project: 'text',
      committed_at: stamp,
      planned_at: stamp,
    });
    const others = ['tags', 'events', 'projects', 'dependencies'].map((name) => candidate(name, {}));
    expect(sqitch.recognise(changes, [changes, ...others])).toMatchObject({ certainty: 'certain' });
    expect(sqitch.recognise(changes, [changes])).toBeUndefined();
  });

  it('reads comments, tags, notes and dependencies of a plan', () => {
    const { project, changes } = parsePlan(
      `${head}# a comment\n+ a ${by} # the note\n@v1 ${by}\nb/c [a other:x !d] ${by}\r\n`,
      'sqitch.plan',
    );
    expect(project).toBe('flipr');
    expect(changes.map(({ name, tags, requires, line }) => ({ name, tags, requires, line }))).toEqual([
      { name: 'a', tags: ['@v1'], requires: [], line: 5 },
      { name: 'b/c', tags: [], requires: ['a', 'other:x'], line: 7 },
    ]);
  });

  it('names the line that it can’t read', () => {
    const broken = (text: string): FileProblem => {
      try {
        parsePlan(text, 'sqitch.plan');
      } catch (error) {
        if (error instanceof FileProblem) return error;
      }
      throw new Error('It was read');
    };
    expect(broken(`${head}a ${by}\n<<<<<<< HEAD\n`)).toMatchObject({ line: 5 });
    expect(broken(`${head}@v1 ${by}\n`).explanation.why).toContain('tag stands before');
    expect(broken(`a ${by}\n`).explanation.why).toContain('%project');
  });
});
