import { Button, Checkbox } from '@mantine/core';
import { IconFileCode } from '@tabler/icons-react';
import { useState } from 'react';
import type { AttributeDifference, Difference } from '../../../preload/contract/schema-diff.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { plural } from '../../components/format.ts';
import { Inspector } from '../../components/inspector.tsx';
import { useInspectorWidth } from '../../components/resize-handle.tsx';
import styles from './difference-inspector.module.css';
import { fullName } from './rows.ts';
import { StateMark } from './state-mark.tsx';
import { TextDiff } from './text-diff.tsx';
import type { Vocabulary } from './words.ts';

interface DifferenceInspectorProps {
  difference: Difference;
  vocabulary: Vocabulary;
  /** What the sides are called. */
  sides: { wanted: string; actual: string };
  /** Places of the statements in the script that are about it. */
  statements: readonly number[];
  onStatement: (statement: number) => void;
  onClose: () => void;
}

/** px from which two texts have room beside each other. */
const roomForTwo = 680;

/** Everything about one difference: each attribute as both sides have it, texts of several lines with their lines marked. */
export function DifferenceInspector(props: DifferenceInspectorProps) {
  const { difference, vocabulary, sides, statements, onStatement, onClose } = props;
  const { kind, name, part, state, attributes } = difference;
  const [width] = useInspectorWidth();
  const long = attributes.filter(isLong);
  const short = attributes.filter((attribute) => !isLong(attribute));
  const [first] = statements;
  return (
    <Inspector
      title={<bdi className="mono">{fullName({ name, part })}</bdi>}
      onClose={onClose}
      footer={
        first === undefined ? undefined : (
          <Button leftSection={<IconFileCode size={14} />} onClick={() => onStatement(first)}>
            {statements.length === 1
              ? `Show statement ${first + 1} of the script`
              : `Show its ${plural(statements.length, 'statement')} in the script`}
          </Button>
        )
      }
    >
      <div className={styles.sections}>
        <p className={styles.head}>
          <StateMark state={state} vocabulary={vocabulary} />
          <span className={styles.kind}>{kind}</span>
          <CopyButton text={part === null ? name : `${name}.${part}`} label="Copy the name" />
        </p>
        {short.length > 0 && (
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Attribute</th>
                <SideHead word={vocabulary.wanted} label={sides.wanted} />
                <SideHead word={vocabulary.actual} label={sides.actual} />
              </tr>
            </thead>
            <tbody>
              {short.map((attribute) => (
                <tr key={attribute.name}>
                  <th scope="row">{attribute.name}</th>
                  <Value attribute={attribute} side="wanted" absent={state === 'only-actual'} />
                  <Value attribute={attribute} side="actual" absent={state === 'only-wanted'} />
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {short.some(({ notKnown }) => notKnown) && (
          <ul className={styles.notKnown}>
            {short.map(({ name: attribute, notKnown }) =>
              notKnown ? (
                <li key={attribute}>
                  <b>{attribute}</b> can’t be compared: {notKnown}
                </li>
              ) : null,
            )}
          </ul>
        )}
        {long.map((attribute) => (
          <Text
            key={attribute.name}
            attribute={attribute}
            vocabulary={vocabulary}
            sides={sides}
            layout={width >= roomForTwo ? 'split' : 'unified'}
          />
        ))}
        {attributes.length === 0 && (
          <p className={styles.soft}>It is there, and has nothing that could differ.</p>
        )}
      </div>
    </Inspector>
  );
}

function SideHead({ word, label }: { word: string; label: string }) {
  return (
    <th scope="col" title={label}>
      {word} <bdi className={styles.sideName}>{label}</bdi>
    </th>
  );
}

function Value({
  attribute,
  side,
  absent,
}: {
  attribute: AttributeDifference;
  side: 'wanted' | 'actual';
  absent: boolean;
}) {
  const value = attribute[side];
  if (value !== null) {
    return (
      <td className={styles.value} dir="auto">
        {value === '' ? <i className={styles.soft}>empty</i> : value}
      </td>
    );
  }
  const word = attribute.notKnown !== undefined && !absent ? 'not known' : absent ? '–' : 'none';
  return <td className={styles.none}>{word}</td>;
}

function Text({
  attribute,
  vocabulary,
  sides,
  layout,
}: {
  attribute: AttributeDifference;
  vocabulary: Vocabulary;
  sides: { wanted: string; actual: string };
  layout: 'split' | 'unified';
}) {
  const { name, wanted, actual, notKnown } = attribute;
  const one = wanted ?? actual;
  const [ignoreSpace, setIgnoreSpace] = useState(false);
  return (
    <section className={styles.section}>
      <div className={styles.line}>
        <h3 className={styles.heading}>{name}</h3>
        {wanted !== null && (
          <CopyButton text={wanted} label={`Copy ${name}, ${vocabulary.wanted.toLowerCase()}`} />
        )}
        {actual !== null && (
          <CopyButton text={actual} label={`Copy ${name}, ${vocabulary.actual.toLowerCase()}`} />
        )}
      </div>
      {notKnown !== undefined && <p className={styles.soft}>It can’t be compared: {notKnown}</p>}
      {wanted !== null && actual !== null ? (
        <>
          {`${wanted}${actual}`.includes('\n') && (
            <Checkbox
              label="Leave white space out"
              checked={ignoreSpace}
              onChange={(event) => setIgnoreSpace(event.currentTarget.checked)}
            />
          )}
          <p className={styles.legend} data-layout={layout}>
            <span data-side="wanted">
              {vocabulary.wanted}: <bdi>{sides.wanted}</bdi>
            </span>
            <span data-side="actual">
              {vocabulary.actual}: <bdi>{sides.actual}</bdi>
            </span>
          </p>
          <TextDiff
            wanted={wanted}
            actual={actual}
            vocabulary={vocabulary}
            layout={layout}
            ignoreSpace={ignoreSpace}
            label={`${name}, line by line`}
          />
        </>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text scrolls, and the keyboard must reach it.
        <pre className={styles.text} dir="auto" tabIndex={0}>
          {one}
        </pre>
      )}
    </section>
  );
}

const isLong = ({ wanted, actual }: AttributeDifference): boolean =>
  [wanted, actual].some((text) => text !== null && (text.length > 60 || text.includes('\n')));
