import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSettings, SettingsProblem } from '../../../main/settings/index.ts';

describe('settings', () => {
  let folder: string;
  const path = (): string => join(folder, 'settings.json');
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'howdah-settings-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('keeps what was changed, readable by its owner only', () => {
    openSettings(folder).change((before) => ({ ...before, preferences: { theme: 'dark' } }));
    expect(openSettings(folder).read().preferences.theme).toBe('dark');
    expect(statSync(path()).mode & 0o077).toBe(0);
  });

  it.each([
    ['a truncated file', '{"version":1,"environments":[{"na', /settings\.json is not valid JSON/],
    [
      'a file of a newer Howdah',
      '{"version":7,"environments":[],"preferences":{}}',
      /newer Howdah \(version 7/,
    ],
    ['a wrong field', '{"version":1,"environments":[],"preferences":{"theme":"pink"}}', /preferences\.theme/],
    ['no object at all', '[]', /settings\.json/],
  ])('refuses %s naming file and field, and leaves it as it is', (_, text, message) => {
    writeFileSync(path(), text);
    expect(() => openSettings(folder)).toThrow(SettingsProblem);
    expect(() => openSettings(folder)).toThrow(message);
    expect(readFileSync(path(), 'utf8')).toBe(text);
  });

  it('never writes what it could not read back', () => {
    const settings = openSettings(folder);
    settings.change((before) => ({ ...before, preferences: { theme: 'light' } }));
    const good = readFileSync(path(), 'utf8');
    expect(() => settings.change((before) => ({ ...before, version: 9 as 1 }))).toThrow(SettingsProblem);
    expect(readFileSync(path(), 'utf8')).toBe(good);
  });

  it('does not take for kept what could not be written', () => {
    const settings = openSettings(folder);
    settings.change((before) => ({ ...before, preferences: { theme: 'light' } }));
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'a file stands where the folder was');
    expect(() => settings.change((before) => ({ ...before, preferences: { theme: 'dark' } }))).toThrow();
    expect(settings.read().preferences.theme).toBe('light');
  });

  it('leaves out connection parameters that an earlier program let pass, and says so without their values', () => {
    const connection = {
      host: 'db.example.test',
      port: 5432,
      database: 'app',
      user: 'app',
      sslmode: 'require',
      parameters: {
        connect_timeout: '10s',
        api_token: 'hush',
        sslrootcert: 'system',
        options: '-c geqo=off',
      },
    };
    const environment = { id: '1', name: 'app', group: '', color: 'blue', protection: 'open', connect: true };
    writeFileSync(
      path(),
      JSON.stringify({ version: 1, environments: [{ ...environment, connection }], preferences: {} }),
    );
    const settings = openSettings(folder);
    expect(settings.read().environments[0]?.connection.parameters).toEqual({ options: '-c geqo=off' });
    expect(settings.notices).toEqual([expect.stringContaining('connect_timeout, api_token, sslrootcert')]);
    expect(settings.notices.join()).not.toContain('hush');
  });
});
