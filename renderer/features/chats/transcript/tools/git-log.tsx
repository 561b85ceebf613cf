import { HistoryIcon } from '../../../../ui/icons.tsx'
import { RelativeTime } from '../../../../ui/time.tsx'
import { oneLine } from '../hostile-text.ts'
import { CallState, Mono, ToolCard } from '../tool-card.tsx'
import { isSet, listField, textField } from '../tool-fields.ts'
import { FailureBody } from './failure-body.tsx'
import { FoundRows } from './found-rows.tsx'
import { cutAnswer, GitPlace, isTold } from './git-answer.tsx'
import type { ToolProps } from './tool-kind.ts'
import { argument, counted, doing, failureOf } from './tool-words.ts'

/** As many as the tool answers. */
const mostCommits = 100

/** `git_log`: the last commits. */
export function GitLog({ call }: ToolProps) {
  const commits = listField(call.result, 'commits').slice(0, mostCommits)
  const revision = argument(call, 'revision')
  return (
    <ToolCard
      icon={<HistoryIcon />}
      title={
        <>
          {doing(call, 'Reading the history', 'Read the history')} of <GitPlace call={call} />
          {revision === undefined ? null : (
            <>
              {' '}
              up to <Mono quiet>{oneLine(revision, 120)}</Mono>
            </>
          )}
        </>
      }
      meta={
        <>
          {isTold(call) ? <span>{counted(commits.length, 'commit')}</span> : null}
          <CallState call={call} />
        </>
      }
      more={
        commits.length === 0
          ? cutAnswer(call)
          : () => (
              <FoundRows left={isSet(call.result, 'truncated') ? 'There are older ones.' : undefined}>
                {commits.map((commit, index) => (
                  <Commit key={index} commit={commit} />
                ))}
              </FoundRows>
            )
      }
    >
      <FailureBody text={failureOf(call)} />
    </ToolCard>
  )
}

function Commit({ commit }: { readonly commit: unknown }) {
  const date = textField(commit, 'date')
  const [subject = ''] = (textField(commit, 'message') ?? '').split('\n', 1)
  const author = (textField(commit, 'author') ?? '').replace(/ <[^<>]*>$/, '')
  return (
    <div className="flex h-6 items-center gap-2 px-2.5">
      <span className="flex-none code-text text-fg-3">
        {oneLine(textField(commit, 'commit') ?? '').slice(0, 8)}
      </span>
      <span className="cut flex-1">{oneLine(subject, 300)}</span>
      <span className="flex-none text-sm text-fg-3">
        {oneLine(author, 60)}
        {date === undefined || Number.isNaN(Date.parse(date)) ? null : (
          <>
            {' '}
            <RelativeTime value={date} />
          </>
        )}
      </span>
    </div>
  )
}
