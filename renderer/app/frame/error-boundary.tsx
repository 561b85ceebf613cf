import { Component, type ErrorInfo, type ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { RotateCwIcon } from '../../ui/icons.tsx'

export interface ErrorBoundaryProps {
  /** A change of it tries again, for instance the route. */
  readonly resetKey?: string | undefined
  /** Loads the window anew. */
  readonly onReload: () => void
  /** Tells the log. */
  readonly onError?: ((error: unknown, componentStack: string) => void) | undefined
  readonly children: ReactNode
}

interface State {
  readonly failure: { readonly error: unknown; readonly stack: string } | null
}

/** Catches what a page could not: says so, keeps the rest of the window alive, and offers to try again or to reload. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, State> {
  override state: State = { failure: null }

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { failure: { error, stack: '' } }
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    const stack = info.componentStack ?? ''
    this.setState({ failure: { error, stack } })
    this.props.onError?.(error, stack)
  }

  override componentDidUpdate(before: ErrorBoundaryProps): void {
    if (this.state.failure && before.resetKey !== this.props.resetKey) this.setState({ failure: null })
  }

  override render(): ReactNode {
    const { failure } = this.state
    if (failure === null) return this.props.children
    return (
      <div className="grid h-full place-items-center overflow-auto p-6">
        <ErrorState
          className="w-full max-w-[520px]"
          title="This page stopped because of a mistake in the app"
          details={describeFailure(failure.error, failure.stack)}
          actions={
            <>
              <Button
                onClick={() => {
                  this.setState({ failure: null })
                }}
              >
                Try again
              </Button>
              <Button variant="ghost" icon={<RotateCwIcon />} onClick={this.props.onReload}>
                Reload the window
              </Button>
            </>
          }
        >
          Workspaces and terminals go on. If it happens again, copy the details and report them.
        </ErrorState>
      </div>
    )
  }
}

/** What to copy into a report: the error, where it was thrown, and in which component. */
export function describeFailure(error: unknown, componentStack: string): string {
  const own = error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error)
  return `${own}\n${componentStack}`.trim()
}
