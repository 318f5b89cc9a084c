import { IconFileImport } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import styles from './drop-files.module.css';

/** Takes files dropped anywhere on the window. Without it the window would leave for the file itself. */
export function DropFiles({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  const [over, setOver] = useState(false);
  const drop = useRef(onFiles);
  drop.current = onFiles;

  useEffect(() => {
    const onOver = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      const may = !isDeciding();
      if (event.dataTransfer) event.dataTransfer.dropEffect = may ? 'copy' : 'none';
      setOver(may);
    };
    const onLeave = (event: DragEvent): void => {
      // Leaving for another element is not leaving the window.
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0 && !isDeciding()) drop.current(files);
    };
    document.addEventListener('dragover', onOver);
    document.addEventListener('dragleave', onLeave);
    document.addEventListener('drop', onDrop);
    return () => {
      document.removeEventListener('dragover', onOver);
      document.removeEventListener('dragleave', onLeave);
      document.removeEventListener('drop', onDrop);
    };
  }, []);

  if (!over) return null;
  return (
    <div className={styles.over}>
      <p className={styles.words}>
        <IconFileImport size={24} stroke={1.5} aria-hidden /> Drop to import connections. You look through
        them before anything is added.
      </p>
    </div>
  );
}

/** Rows of the rail are dragged too; those are no files. */
function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

function isDeciding(): boolean {
  return document.querySelector('dialog[open]') !== null;
}
