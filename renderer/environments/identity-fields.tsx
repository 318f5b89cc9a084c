import { TextInput } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { EnvironmentColor, Protection } from '../../preload/contract/environments.ts';
import { protections } from '../components/protection-badge.tsx';
import { environmentColorNames, environmentStyle } from '../theme/colors.ts';
import styles from './environment-form.module.css';
import type { EnvironmentFormModel } from './use-environment-form.ts';

const colors = Object.entries(environmentColorNames) as [EnvironmentColor, string][];
const kinds = Object.entries(protections) as [Protection, (typeof protections)[Protection]][];

/** How the environment is told apart and protected: name, group, colour, protection. */
export function IdentityFields({ form }: { form: EnvironmentFormModel }) {
  const { state, errors, set } = form;
  const groups = [...new Set(form.others.map(({ group }) => group).filter(Boolean))];
  return (
    <>
      <div className={styles.halves}>
        <TextInput
          name="name"
          label="Name"
          dir="auto"
          value={state.name}
          error={errors.name}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => set({ name: event.currentTarget.value })}
          onBlur={() => form.leave('name')}
        />
        <TextInput
          name="group"
          label="Group"
          dir="auto"
          list="environment-groups"
          value={state.group}
          error={errors.group}
          autoComplete="off"
          onChange={(event) => set({ group: event.currentTarget.value })}
        />
        <datalist id="environment-groups">
          {groups.map((group) => (
            <option key={group} value={group} />
          ))}
        </datalist>
      </div>
      <fieldset className={styles.set}>
        <legend className={styles.label}>Colour: {environmentColorNames[state.color]}</legend>
        <div className={styles.swatches}>
          {colors.map(([color, word]) => (
            <label key={color} className={styles.swatch} style={environmentStyle(color)} title={word}>
              <input
                type="radio"
                name="color"
                aria-label={word}
                checked={state.color === color}
                onChange={() => set({ color })}
              />
              {state.color === color && <IconCheck size={14} stroke={3} aria-hidden />}
            </label>
          ))}
        </div>
      </fieldset>
      <fieldset className={styles.set}>
        <legend className={styles.label}>Protection</legend>
        <div className={styles.choices}>
          {kinds.map(([protection, { word, sentence, Icon }]) => (
            <label key={protection} className={styles.choice}>
              <input
                type="radio"
                name="protection"
                checked={state.protection === protection}
                onChange={() => set({ protection })}
              />
              <Icon size={14} stroke={1.75} />
              <span className={styles.choiceWord}>{word}</span>
              <span className={styles.choiceSentence}>{sentence}</span>
            </label>
          ))}
        </div>
      </fieldset>
    </>
  );
}
