import type { ReactNode } from 'react'
import { Badge } from '../../../../ui/badge.tsx'
import { TerminalIcon } from '../../../../ui/icons.tsx'
import { stripSgr } from '../../../../ui/log/sgr.ts'
import { CopyButton } from '../../../../ui/code.tsx'
import { StatusMark } from '../../../../ui/status-mark.tsx'
import { formatBytes } from '../../../../lib/bytes.ts'
import { formatElapsed } from '../../../../lib/duration.ts'
import { useShownModes } from '../../../own-agents/index.ts'
import { oneLine, showUnseen } from '../hostile-text.ts'
import { firstLines, FoldedLines, maxShownLines } from '../long-text.tsx'
import { TerminalOutput } from '../terminal-output.tsx'
import { CallDuration, CallState, CardBody, Mono, ToolCard } from '../tool-card.tsx'
import { fieldsOf, isSet, listField, numberField, textField } from '../tool-fields.ts'
import type { ToolCall } from '../transcript-rows.ts'
import { SignInFirst } from './external-auth.tsx'
import { FailureBody } from './failure-body.tsx'
import type { ToolProps } from './tool-kind.ts'
import { argument, counted, doing, failureOf, intentOf, outputOf } from './tool-words.ts'

/** `execute`: the command, and what came of it. */
export function Execute({ call }: ToolProps) {
  const command = argument(call, 'command') ?? ''
  const intent = intentOf(call)
  return (
    <TerminalCard
      call={call}
      command={command}
      title={intent ?? <Mono>{oneLine(command, 200) || 'A command'}</Mono>}
      note={textField(call.args, 'workdir')}
    />
  )
}

/** `process_output`: more of a command that runs on. */
export function ProcessOutput({ call }: ToolProps) {
  const command = textField(call.result, 'command')
  const intent = textField(call.result, 'model_intent')
  const id = <Mono quiet>{oneLine(argument(call, 'process_id') ?? '', 40)}</Mono>
  return (
    <TerminalCard
      call={call}
      command={command}
      title={intent === undefined ? <>Output of process {id}</> : oneLine(intent)}
    />
  )
}

/** `process_signal`: a process was told to end. */
export function ProcessSignal({ call }: ToolProps) {
  const isKill = argument(call, 'signal') === 'kill'
  const message = textField(call.result, 'message')
  return (
    <ToolCard
      icon={<TerminalIcon />}
      title={
        <>
          {isKill ? doing(call, 'Killing', 'Killed') : doing(call, 'Ending', 'Ended')} process{' '}
          <Mono quiet>{oneLine(argument(call, 'process_id') ?? '', 40)}</Mono>
          {message === undefined ? null : <span className="text-fg-3"> {oneLine(message)}</span>}
        </>
      }
      meta={<CallState call={call} />}
    >
      <FailureBody text={failureOf(call)} />
    </ToolCard>
  )
}

/** `process_list`. */
export function ProcessList({ call }: ToolProps) {
  const processes = listField(call.result, 'processes').slice(0, 100)
  const { commands } = useShownModes()
  return (
    <ToolCard
      icon={<TerminalIcon />}
      startsOpen={commands === 'always_expanded'}
      title={doing(
        call,
        'Looking at processes',
        `Looked at ${counted(processes.length, 'process', 'processes')}`,
      )}
      meta={<CallState call={call} />}
      more={
        processes.length === 0
          ? undefined
          : () => (
              <CardBody>
                {processes.map((process, index) => (
                  <div
                    key={index}
                    className="flex h-7 items-center gap-2 border-line px-2.5 not-last:border-b"
                  >
                    <span className="cut flex-1 code-text">
                      {oneLine(textField(process, 'command') ?? '')}
                    </span>
                    <ExitMark result={process} isRunning={isSet(process, 'running')} />
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

const fewLines = 10

interface TerminalCardProps {
  readonly call: ToolCall
  readonly command: string | undefined
  readonly title: ReactNode
  readonly note?: string | undefined
}

function TerminalCard({ call, command, title, note }: TerminalCardProps) {
  const { commands } = useShownModes()
  const output = outputOf(call.result) ?? ''
  const failure = output === '' ? failureOf(call) : textField(call.result, 'error')
  const hasBody = command !== undefined || output !== ''
  const body = () => (
    <TerminalBody
      result={call.result}
      command={command}
      note={note}
      output={output}
      isWhole={commands === 'always_expanded'}
    />
  )
  const isFolded = commands === 'always_collapsed'
  return (
    <ToolCard
      icon={<TerminalIcon />}
      title={title}
      meta={<TerminalMeta call={call} />}
      actions={
        output === '' ? undefined : (
          <CopyButton label="Copy the output" text={() => output.split('\n').map(stripSgr).join('\n')} />
        )
      }
      more={hasBody && isFolded ? body : undefined}
    >
      {hasBody && !isFolded ? body() : null}
      <FailureBody text={failure} />
      <SignInFirst result={call.result} />
    </ToolCard>
  )
}

interface TerminalBodyProps extends Pick<TerminalCardProps, 'command' | 'note'> {
  readonly result: unknown
  readonly output: string
  readonly isWhole: boolean
}

function TerminalBody({ result, command, note, output, isWhole }: TerminalBodyProps) {
  const { lines, more } = firstLines(output.trimEnd(), maxShownLines)
  return (
    <CardBody>
      <FoldedLines name="output" lines={lines} few={fewLines} left={more} startsWhole={isWhole}>
        {(some) => (
          <div className="log copyable px-3 py-1.5">
            {command === undefined ? null : (
              <div className="break-words whitespace-pre-wrap">
                <span className="text-(--a8) select-none">$ </span>
                {showUnseen(command)}
              </div>
            )}
            {note === undefined ? null : <div className="text-(--a8)">in {oneLine(note)}</div>}
            {output === '' ? null : <TerminalOutput lines={some} />}
          </div>
        )}
      </FoldedLines>
      <TerminalNotes result={result} />
    </CardBody>
  )
}

function TerminalMeta({ call }: ToolProps) {
  const isEnded = call.state === 'done' || numberField(call.result, 'exit_code') !== undefined
  if (!isEnded) return <CallState call={call} />
  const wall = numberField(call.result, 'wall_duration_ms')
  const isRunning =
    textField(call.result, 'background_process_id') !== undefined || isSet(call.result, 'running')
  return (
    <>
      <ExitMark result={call.result} isRunning={isRunning} />
      {wall === undefined ? <CallDuration call={call} /> : <span>{formatElapsed(wall)}</span>}
    </>
  )
}

function ExitMark({ result, isRunning }: { readonly result: unknown; readonly isRunning: boolean }) {
  const code = numberField(result, 'exit_code')
  // Nobody tells a card of the past when that ends, so it shows no work going on.
  if (isRunning) return <span className="text-md text-fg">In the background</span>
  if (code === undefined)
    return isSet(result, 'success') ? (
      <StatusMark status="running" label="Done" className="text-md text-fg" />
    ) : (
      <StatusMark status="failed" label="Failed" className="text-md text-fg" />
    )
  return (
    <StatusMark
      status={code === 0 ? 'running' : 'failed'}
      label={`Exit ${code}`}
      className="text-md text-fg"
    />
  )
}

/** What the tool says of the output: that it is cut, that the command goes on. */
function TerminalNotes({ result }: { readonly result: unknown }) {
  const omitted = numberField(fieldsOf(result)['truncated'], 'omitted_bytes')
  const process = textField(result, 'background_process_id')
  // Of a command that goes on, servers say to their models how to ask for more.
  const note = process === undefined ? textField(result, 'note') : undefined
  if (omitted === undefined && note === undefined && process === undefined) return null
  return (
    <div className="flex flex-wrap items-center gap-2 border-t border-line px-2.5 py-1 text-sm text-fg-3">
      {process === undefined ? null : <Badge outlined>Process {oneLine(process, 40)}</Badge>}
      {omitted === undefined ? null : <span>{formatBytes(omitted)} in the middle were left out.</span>}
      {note === undefined ? null : <span>{oneLine(note)}</span>}
    </div>
  )
}
