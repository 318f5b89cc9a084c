import { IconAlertOctagon, IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { type Severity, severityColors } from '../theme/colors.ts';

const looks = {
  notice: { Icon: IconInfoCircle, word: 'Notice' },
  warning: { Icon: IconAlertTriangle, word: 'Warning' },
  bad: { Icon: IconAlertOctagon, word: 'Bad' },
} as const;

/** One of the meanings as a shape and a colour of its own, with its word for those who don't see it. */
export function SeverityIcon({ severity, size = 14 }: { severity: Severity; size?: number }) {
  const { Icon, word } = looks[severity];
  return (
    <Icon
      size={size}
      stroke={2}
      role="img"
      aria-label={word}
      style={{ color: severityColors[severity], flex: 'none' }}
    />
  );
}
