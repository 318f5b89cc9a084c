import { TextInput, type TextInputProps } from '@mantine/core';
import type { TextField } from './form-fields.ts';
import type { EnvironmentFormModel } from './use-environment-form.ts';

interface FormTextProps extends Omit<TextInputProps, 'form' | 'value' | 'error' | 'onChange' | 'onBlur'> {
  form: EnvironmentFormModel;
  field: TextField;
}

/** One line of the form. What is wrong with it is told once it was left. */
export function FormText({ form, field, ...input }: FormTextProps) {
  return (
    <TextInput
      {...input}
      name={field}
      value={form.text(field)}
      error={form.errors[field]}
      autoComplete="off"
      spellCheck={false}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      onChange={(event) => form.setText(field, event.currentTarget.value)}
      onBlur={() => form.leave(field)}
    />
  );
}
