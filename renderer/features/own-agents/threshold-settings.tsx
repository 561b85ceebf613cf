import { useQueryClient } from '@tanstack/react-query'
import { useState, type SyntheticEvent } from 'react'
import type { CompactionThreshold } from '#ipc/own-agents'
import { errorWords } from '../../api/error-words.ts'
import { useChange, useRead } from '../../api/use-call.ts'
import { plainText } from '../../lib/plain-text.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Field } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'
import { toast } from '../../ui/toast-store.ts'
import { Failure } from '../ai-models/index.ts'
import { keepOwnDraft, useOwnDraft } from './drafts.ts'
import { settingToast } from './use-preferences.ts'

/** When chats are summed up by themselves, by model. */
export function CompactionThresholds({ deploymentId }: { readonly deploymentId: string }) {
  const thresholds = useRead('ownAgents.thresholds', { deploymentId })
  if (thresholds.isError)
    return (
      <Failure
        title="When chats are summed up cannot be shown"
        error={thresholds.error}
        isRetrying={thresholds.isFetching}
        onRetry={() => void thresholds.refetch()}
      />
    )
  if (!thresholds.data || thresholds.data.length === 0) return null
  return (
    <Card title="Summing up" flush>
      <p className="border-b border-line px-3.5 py-2 text-fg-2">
        Once this much of a model’s context is used, what was said is summed up by itself. 100 % never does.
      </p>
      {thresholds.data.map((threshold) => (
        <ThresholdRow key={threshold.modelConfigId} deploymentId={deploymentId} threshold={threshold} />
      ))}
    </Card>
  )
}

interface ThresholdRowProps {
  readonly deploymentId: string
  readonly threshold: CompactionThreshold
}

function ThresholdRow({ deploymentId, threshold }: ThresholdRowProps) {
  const { modelConfigId, defaultPercent, ownPercent } = threshold
  const model = plainText(threshold.model, 80)
  const place = `${deploymentId} threshold ${modelConfigId}`
  const cache = useQueryClient()
  const draft = useOwnDraft(place)
  const [isTouched, setTouched] = useState(false)
  const change = useChange('ownAgents.setThreshold', {
    onSettled: () => cache.invalidateQueries({ queryKey: ['ownAgents.thresholds', { deploymentId }] }),
  })
  const text = draft ?? String(ownPercent ?? defaultPercent)
  const percent = readPercent(text)
  const problem = percent === undefined ? 'Write 0 to 100.' : undefined
  const refused = change.isError ? errorWords(change.error).message : undefined
  const send = (next: number | null, said: string, undo?: () => void): void => {
    if (change.isPending) return
    // A promise, since callbacks of the call are skipped once the user looks at another page.
    void change.mutateAsync({ deploymentId, modelConfigId, percent: next }).then(
      () => {
        // What was typed while it was saved stays.
        keepOwnDraft(place, undefined, text)
        toast({
          ...{ key: settingToast, tone: 'ok', title: said },
          ...(undo === undefined ? {} : { action: { label: 'Undo', onSelect: undo } }),
        })
      },
      () => undefined, // Shown at the field.
    )
  }
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    setTouched(true)
    if (percent !== undefined) send(percent, `${model} is summed up at ${String(percent)} %`)
  }
  const reset = (): void => {
    const before = ownPercent
    send(
      null,
      `${model} is summed up at ${String(defaultPercent)} % again`,
      before === undefined ? undefined : () => send(before, 'It is as it was'),
    )
  }
  const isChanged = draft !== undefined && percent !== (ownPercent ?? defaultPercent)
  return (
    <form
      noValidate
      onSubmit={submit}
      // Its hidden label lies in it, not somewhere below the page, which would scroll then.
      className="relative flex min-h-12 flex-wrap items-center gap-x-6 gap-y-2 border-line px-3.5 py-2 not-last:border-b"
    >
      <div className="min-w-40 flex-1">
        <div className="cut font-medium">{model}</div>
        <div className="text-sm text-fg-3">
          {ownPercent === undefined
            ? 'As the model is set up'
            : `Yours; the model is set up with ${String(defaultPercent)} %`}
        </div>
      </div>
      <div className="flex items-start gap-2">
        {isChanged ? (
          <>
            <Button type="submit" variant="primary" loading={change.isPending}>
              Save
            </Button>
            <Button
              variant="ghost"
              onClick={() => {
                change.reset()
                keepOwnDraft(place, undefined)
              }}
            >
              Discard
            </Button>
          </>
        ) : ownPercent === undefined ? null : (
          <Button variant="ghost" loading={change.isPending} onClick={reset} aria-label={`Reset ${model}`}>
            Reset
          </Button>
        )}
        <Field
          className="max-w-[180px]"
          hideLabel
          label={`Percent of the context of ${model}`}
          error={(isTouched ? problem : undefined) ?? refused}
        >
          <Input
            className="w-[84px]"
            size="md"
            inputMode="numeric"
            autoComplete="off"
            trailing={<span className="text-fg-3">%</span>}
            value={text}
            onChange={(event) => {
              change.reset()
              keepOwnDraft(place, event.target.value)
            }}
            onBlur={() => setTouched(true)}
          />
        </Field>
      </div>
    </form>
  )
}

function readPercent(text: string): number | undefined {
  const percent = Number(text.trim())
  return /^\d{1,3}$/.test(text.trim()) && percent <= 100 ? percent : undefined
}
