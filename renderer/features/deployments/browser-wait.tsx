import { useState } from 'react'
import { errorWords } from '../../api/error-words.ts'
import { useChange } from '../../api/use-call.ts'
import { Button } from '../../ui/button.tsx'
import { CheckIcon, CopyIcon, ExternalLinkIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Elapsed } from '../../ui/time.tsx'
import { hostOf } from './sign-in-words.ts'

export interface BrowserWaitProps {
  readonly url: string
  readonly attemptId: string
  readonly onCancel: () => void
}

/** While the browser signs in: what to do there, and what to do when it did not open. */
export function BrowserWait({ url, attemptId, onCancel }: BrowserWaitProps) {
  const [startedAt] = useState(() => Date.now())
  const open = useChange('deployments.openSignInPage')
  const copy = useChange('deployments.copySignInAddress')
  const error = open.error ?? copy.error
  return (
    <Notice tone="busy" title="Waiting for your browser…">
      <p>
        Sign in to {hostOf(url)} there; Outpost goes on by itself. <Elapsed since={startedAt} />
      </p>
      {error ? <p className="mt-1 text-bad-fg">{errorWords(error).message}</p> : null}
      <div className="mt-2 flex flex-wrap gap-2">
        <Button
          size="sm"
          icon={<ExternalLinkIcon />}
          loading={open.isPending}
          onClick={() => open.mutate({ attemptId })}
        >
          Open again
        </Button>
        <Button
          size="sm"
          icon={copy.isSuccess ? <CheckIcon /> : <CopyIcon />}
          loading={copy.isPending}
          onClick={() => copy.mutate({ attemptId })}
        >
          {copy.isSuccess ? 'Address copied' : 'Copy address'}
        </Button>
        <Button size="sm" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </Notice>
  )
}
