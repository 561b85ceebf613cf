import { fieldRefusals } from '../../api/bridge-error.ts'
import { errorWords } from '../../api/error-words.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { toast } from '../../ui/toast-store.ts'

export interface FailureProps {
  /** What did not happen. */
  readonly title: string
  readonly error: unknown
  readonly onRetry?: (() => void) | undefined
  readonly isRetrying?: boolean | undefined
  readonly className?: string | undefined
}

/** A failure in the place where it happened, with what the deployment says about single fields. */
export function Failure({ title, error, onRetry, isRetrying, className }: FailureProps) {
  const { message, detail } = errorWords(error)
  const refusals = fieldRefusals(error).map(({ field, detail: why }) => `${field}: ${why}`)
  return (
    <ErrorState
      title={title}
      details={detail}
      className={className}
      actions={
        onRetry === undefined ? undefined : (
          <Button loading={isRetrying} onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      {[message, ...refusals].join(' ')}
    </ErrorState>
  )
}

/** Says in a toast that a switch went back to how it was. */
export function toastFailure(title: string): (error: unknown) => void {
  return (error) => {
    toast({ tone: 'bad', title, detail: errorWords(error).message })
  }
}

/** For dialogs that show the message of what is thrown. */
export function inWords(error: unknown): never {
  throw new Error(errorWords(error).message, { cause: error })
}
