import { IconAlertTriangle, IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { type FormField, type Section, sectionOf } from './form-fields.ts';
import styles from './form-section.module.css';
import { holdsSomething, sectionSummaries } from './section-summaries.ts';
import type { EnvironmentFormModel } from './use-environment-form.ts';

interface FormSectionProps {
  form: EnvironmentFormModel;
  section: Section;
  title: string;
  children: ReactNode;
}

/**
 * A part of the form that most environments don't need: one line that says what it holds, until it is opened.
 * It is open from the start when it holds something, and opens when the URL puts something in.
 */
export function FormSection({ form, section, title, children }: FormSectionProps) {
  const holds = holdsSomething(section, form.state);
  const [open, setOpen] = useState(holds);
  useEffect(() => {
    if (holds) setOpen(true);
  }, [holds]);
  const summary = sectionSummaries[section](form.state);
  const isWrong = Object.keys(form.errors).some((field) => sectionOf(field as FormField) === section);
  return (
    <details
      className={styles.section}
      open={open}
      data-section={section}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className={styles.summary}>
        <IconChevronRight size={14} className={styles.chevron} aria-hidden />
        <span className={styles.title}>{title}</span>
        {!open && (
          <span className={styles.text} title={summary}>
            {summary}
          </span>
        )}
        {isWrong && (
          <IconAlertTriangle
            size={14}
            className={styles.wrong}
            role="img"
            aria-label="Something is wrong in it"
          />
        )}
      </summary>
      <div className={styles.body}>{children}</div>
    </details>
  );
}
