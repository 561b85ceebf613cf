import { useSubscription } from '../../api/use-subscription.ts'
import { errorWords } from '../../api/error-words.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { ServiceForm } from './service-form.tsx'
import { dictationKeys } from './use-dictation.ts'

const nothing = {}

/** Settings, Dictation: who writes out what is said in a chat. */
export function DictationSettings() {
  const { data, error, retry } = useSubscription('dictation.watch', nothing)
  if (error !== undefined)
    return (
      <ErrorState
        title="The settings of dictation cannot be shown"
        details={errorWords(error).detail}
        actions={<Button onClick={retry}>Try again</Button>}
      >
        {errorWords(error).message}
      </ErrorState>
    )
  return (
    <Card
      title="Dictation"
      meta={
        data === undefined ? undefined : (
          <Badge tone={data.service === null ? 'neutral' : 'ok'}>
            {data.service === null ? 'Off' : 'On'}
          </Badge>
        )
      }
    >
      {data === undefined ? (
        <SkeletonRows rows={4} label="Loading the settings of dictation" />
      ) : (
        <div className="flex flex-col gap-4">
          <div className="max-w-prose text-fg-2">
            <p>
              Speak a message to an agent instead of typing it: <Kbd keys={dictationKeys} /> or the microphone
              beside it. What you say is recorded until you stop, sent to the service below, and lands as text
              where you were writing.
            </p>
            {data.hasSystemDictation ? (
              <p className="mt-2">
                Without a service the dictation of macOS is in the menu beside a message, and writes into it.
              </p>
            ) : null}
          </div>
          <ServiceForm service={data.service} />
        </div>
      )}
    </Card>
  )
}
