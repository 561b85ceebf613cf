import {
  BookOpenIcon,
  FoldVerticalIcon,
  GlobeIcon,
  LightbulbIcon,
  TextSearchIcon,
} from '../../../../ui/icons.tsx'
import { Button } from '../../../../ui/button.tsx'
import { oneLine } from '../hostile-text.ts'
import { joinBlocks } from '../markdown-blocks.ts'
import { MarkdownText } from '../markdown-text.tsx'
import { useActions } from '../transcript-actions.ts'
import { CallState, CardBody, Mono, ToolCard } from '../tool-card.tsx'
import { listField, numberField, textField, textsField } from '../tool-fields.ts'
import { FailureBody } from './failure-body.tsx'
import type { ToolProps } from './tool-kind.ts'
import { argument, doing, failureOf } from './tool-words.ts'
import { useOnce } from './use-once.ts'

/** `read_skill` and `read_skill_file`. */
export function ReadSkill({ call }: ToolProps) {
  const body = textField(call.result, 'body') ?? textField(call.result, 'content')
  const path = argument(call, 'path')
  return (
    <ToolCard
      icon={<BookOpenIcon />}
      title={
        <>
          {doing(call, 'Reading skill', 'Read skill')}{' '}
          <span className="font-medium">{oneLine(argument(call, 'name') ?? '', 80)}</span>{' '}
          {path === undefined ? null : <Mono quiet>{oneLine(path, 120)}</Mono>}
        </>
      }
      meta={<CallState call={call} />}
      more={
        body === undefined
          ? undefined
          : () => (
              <CardBody>
                <MarkdownText text={body} className="max-h-120 overflow-auto px-3 py-2" />
              </CardBody>
            )
      }
    >
      <FailureBody text={failureOf(call)} />
    </ToolCard>
  )
}

/** Beyond that there is no limit to tell of: a turn has no more steps. */
const mostUsesTold = 99
const usesLeft = (left: number): string =>
  left === 0 ? 'No uses left' : left === 1 ? '1 use left' : `${left} uses left`

/** `advisor`: another model's advice, also while it is written. */
export function Advisor({ call }: ToolProps) {
  const advice = textField(call.result, 'advice')
  const model = textField(call.result, 'advisor_model')
  const left = numberField(call.result, 'remaining_uses')
  const isSpent = textField(call.result, 'type') === 'limit_reached'
  const question = argument(call, 'question')
  const text = advice ?? (call.progress && joinBlocks(call.progress) !== '' ? call.progress : undefined)
  return (
    <ToolCard
      icon={<LightbulbIcon />}
      title={
        <>
          {isSpent ? 'Did not ask the advisor' : doing(call, 'Asking the advisor', 'Asked the advisor')}{' '}
          {question === undefined ? null : <span className="text-fg-3">{oneLine(question, 200)}</span>}
        </>
      }
      meta={
        <>
          {left === undefined || left > mostUsesTold || isSpent ? null : <span>{usesLeft(left)}</span>}
          <CallState call={call} />
        </>
      }
    >
      {text === undefined ? null : (
        <CardBody className="px-3 py-2">
          <MarkdownText text={text} />
          {model === undefined ? null : <div className="mt-1 text-sm text-fg-3">{oneLine(model, 80)}</div>}
        </CardBody>
      )}
      {isSpent ? (
        <CardBody className="px-2.5 py-1.5 text-fg-2">
          The advisor cannot be asked again in this turn.
        </CardBody>
      ) : null}
      <FailureBody text={failureOf(call)} />
    </ToolCard>
  )
}

/** `chat_summarized`: what went before is a summary to the model from here on. Nothing of it is told while it is made. */
export function Compaction({ call }: ToolProps) {
  const isMade = call.state === 'running' || call.state === 'preparing'
  return isMade ? <CompactionUnderWay call={call} /> : <CompactionEnd call={call} />
}

function CompactionUnderWay({ call }: ToolProps) {
  const { onStop } = useActions()
  const { isSending, once } = useOnce()
  return (
    <ToolCard
      icon={<FoldVerticalIcon />}
      title="Summing up what was said, to make room for the model"
      meta={
        <>
          <CallState call={{ ...call, state: 'running' }} />
          {onStop === undefined ? null : (
            <Button size="sm" variant="ghost" loading={isSending} onClick={() => once(onStop)}>
              {textField(call.args, 'source') === 'manual' ? 'Cancel' : 'Stop'}
            </Button>
          )}
        </>
      }
    />
  )
}

function CompactionEnd({ call }: ToolProps) {
  const summary = textField(call.result, 'summary')
  const usage = numberField(call.result, 'usage_percent')
  return (
    <ToolCard
      icon={<FoldVerticalIcon />}
      title={doing(
        call,
        'Making the conversation shorter for the model',
        'Made the conversation shorter for the model',
      )}
      meta={
        <>
          {usage === undefined ? null : <span>{Math.round(usage)} % of the context was used</span>}
          {call.state === 'done' ? null : <CallState call={call} />}
        </>
      }
      more={
        summary === undefined
          ? undefined
          : () => (
              <CardBody>
                <MarkdownText text={summary} className="max-h-120 overflow-auto px-3 py-2" />
              </CardBody>
            )
      }
    >
      <FailureBody text={failureOf(call)} />
    </ToolCard>
  )
}

/** `web_search`, which the model's provider runs. */
export function WebSearch({ call }: ToolProps) {
  return (
    <ToolCard
      icon={<GlobeIcon />}
      title={
        <>
          {doing(call, 'Searching the web', 'Searched the web')}{' '}
          <span className="text-fg-3">{oneLine(argument(call, 'query') ?? '', 200)}</span>
        </>
      }
      meta={<CallState call={call} />}
    >
      <FailureBody text={failureOf(call)} />
    </ToolCard>
  )
}

/** `find_tools`: tools the model did not know yet. */
export function FindTools({ call }: ToolProps) {
  const asked = [...textsField(call.args, 'queries'), ...textsField(call.args, 'names')].map((word) =>
    oneLine(word, 60),
  )
  const found = listField(call.result, 'matches').slice(0, 100)
  return (
    <ToolCard
      icon={<TextSearchIcon />}
      title={
        <>
          {doing(call, 'Looking for tools', 'Looked for tools')}{' '}
          <span className="text-fg-3">{asked.join(', ')}</span>
        </>
      }
      meta={call.state === 'done' ? `${found.length} found` : <CallState call={call} />}
      more={
        found.length === 0
          ? undefined
          : () => (
              <CardBody className="px-3 py-1.5">
                {found.map((tool, index) => (
                  <div key={index} className="cut">
                    <Mono>{oneLine(textField(tool, 'name') ?? '', 80)}</Mono>{' '}
                    <span className="text-sm text-fg-3">
                      {oneLine(textField(tool, 'description') ?? '', 300)}
                    </span>
                  </div>
                ))}
              </CardBody>
            )
      }
    >
      <FailureBody text={failureOf(call)} />
    </ToolCard>
  )
}
