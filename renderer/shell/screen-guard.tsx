import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { Explanation } from '../components/explanation.tsx';

/** Shows a screen's failure in its place, whole, so that the rest of the window goes on. */
export class ScreenGuard extends Component<{ children: ReactNode }, { failure: unknown }> {
  override state = { failure: undefined as unknown };

  static getDerivedStateFromError(failure: unknown): { failure: unknown } {
    return { failure };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    if (failure === undefined) return this.props.children;
    return (
      <div style={{ padding: 16 }}>
        <Explanation
          explanation={{
            what: 'This screen could not be drawn.',
            why: failure instanceof Error ? failure.message : String(failure),
            next: 'Draw it again; if it stays, copy this message into an issue report.',
            cause: 'screen-failed',
            ...(failure instanceof Error && failure.stack ? { server: { message: failure.stack } } : {}),
          }}
          actions={<Button onClick={() => this.setState({ failure: undefined })}>Draw again</Button>}
        />
      </div>
    );
  }
}
