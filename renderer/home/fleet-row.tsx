import { IconDots } from '@tabler/icons-react';
import { memo } from 'react';
import { Link, useLocation } from 'wouter';
import { addressText } from '../../preload/contract/connection-url.ts';
import type { Environment, EnvironmentStatus } from '../../preload/contract/environments.ts';
import { ProtectionIcon } from '../components/protection-badge.tsx';
import { StateDot } from '../components/state-dot.tsx';
import { Swatch } from '../components/swatch.tsx';
import { worstFinding } from '../environments/findings.ts';
import { placeWords } from '../environments/way-words.ts';
import { roomAddress } from '../shell/address.ts';
import { type MenuAt, menuAtElement, menuAtEvent } from '../shell/environment-menu.tsx';
import { FleetCell } from './fleet-cell.tsx';
import { type FleetColumn, findingSpan } from './fleet-columns.ts';
import styles from './fleet-table.module.css';

interface FleetRowProps {
  environment: Environment;
  status: EnvironmentStatus;
  columns: readonly FleetColumn[];
  /** Two lines high, where there are few environments. */
  tall: boolean;
  onMenu: (menu: { environment: Environment; at: MenuAt }) => void;
}

/** One environment as a line. One without a connection is pale and shows no live figures. */
export const FleetRow = memo(function FleetRow({
  environment,
  status,
  columns,
  tall,
  onMenu,
}: FleetRowProps) {
  const [, navigate] = useLocation();
  const address = roomAddress(environment.id);
  const { connection } = environment;
  const finding = columns.find(({ id }) => id === 'finding');
  const says = status.state !== 'connected' && worstFinding(status) !== undefined;
  const span = says
    ? findingSpan(
        columns,
        status.trend.some((point) => point !== null),
      )
    : [];
  const withPlace = tall && !columns.some(({ id }) => id === 'address');
  return (
    <tr
      className={styles.row}
      data-stale={status.state !== 'connected'}
      data-tall={tall}
      onClick={(event) => {
        if (!(event.target as Element).closest('a, button')) navigate(address);
      }}
      onContextMenu={(event) => onMenu({ environment, at: menuAtEvent(event) })}
    >
      {columns.map((column) => {
        if (finding && span.includes(column)) {
          return column === span[0] ? (
            <td key={column.id} colSpan={span.length}>
              <FleetCell column={finding} environment={environment} status={status} tall={tall} />
            </td>
          ) : null;
        }
        if (span.length > 0 && column === finding) return <td key={column.id} />;
        return column.id === 'name' ? (
          <th key={column.id} scope="row">
            <span className={styles.name}>
              <Swatch color={environment.color} height={tall ? 36 : 16} />
              <StateDot state={status.state} />
              <span className={styles.lines}>
                <Link href={address} className={styles.link} data-walk title={environment.name} dir="auto">
                  {environment.name}
                </Link>
                {withPlace && (
                  <span className={styles.place} title={placeWords(connection)}>
                    {addressText(connection)}
                  </span>
                )}
              </span>
              <ProtectionIcon protection={environment.protection} />
              <button
                type="button"
                className={styles.more}
                aria-label={`Actions on ${environment.name}`}
                aria-haspopup="menu"
                onClick={(event) => onMenu({ environment, at: menuAtElement(event.currentTarget) })}
              >
                <IconDots size={14} />
              </button>
            </span>
          </th>
        ) : (
          <td key={column.id} data-right={column.right}>
            <FleetCell column={column} environment={environment} status={status} tall={tall} />
          </td>
        );
      })}
    </tr>
  );
});
