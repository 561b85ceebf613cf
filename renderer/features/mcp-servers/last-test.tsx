import { useState } from 'react'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card, CardRow } from '../../ui/card.tsx'
import { CopyButton } from '../../ui/code.tsx'
import { Notice } from '../../ui/notice.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { Elapsed, RelativeTime } from '../../ui/time.tsx'
import type { ConnectionTest, TestReport } from './connection-tests.ts'
import { failureTitle, reportText, toolCount } from './test-words.ts'

type Tool = Extract<TestReport['result'], { ok: true }>['tools'][number]

const FIRST = 5

/** What the last try of a server found, or that one is running. */
export function LastTest({
  name,
  test,
  onAllow,
}: {
  readonly name: string
  readonly test: ConnectionTest
  /** The user lets their values go to the address that the server has now. */
  readonly onAllow: (address: string) => void
}) {
  switch (test.kind) {
    case 'running':
      return (
        <Notice
          tone="busy"
          title="Connecting from this computer"
          actions={
            <Button size="sm" onClick={test.cancel}>
              Cancel
            </Button>
          }
        >
          <Elapsed since={test.startedAt} /> of 10 seconds at most
        </Notice>
      )
    case 'impossible':
      return <Impossible test={test} onAllow={onAllow} />
    case 'reported':
      return <Report name={name} report={test.report} />
  }
}

function Impossible({
  test: { message, address },
  onAllow,
}: {
  readonly test: Extract<ConnectionTest, { kind: 'impossible' }>
  readonly onAllow: (address: string) => void
}) {
  if (address === undefined) return <Notice tone="warn">{message}</Notice>
  return (
    <Notice
      tone="warn"
      title="The address of this server changed"
      actions={<Button onClick={() => onAllow(address)}>Allow the new address</Button>}
    >
      {message}
    </Notice>
  )
}

function Report({ name, report }: { readonly name: string; readonly report: TestReport }) {
  const { result, testedAt, address } = report
  const mark = result.ok ? (
    <StatusMark status="running" label={`Answered in ${Math.round(result.latencyMs)} ms`} />
  ) : (
    <StatusMark
      status="failed"
      label={`${failureTitle(result.kind)}${result.status === null ? '' : ` (${result.status})`}`}
    />
  )
  return (
    <Card
      title="Last test"
      flush
      meta={
        <span className="flex items-center gap-2">
          <span className="text-base text-fg">{mark}</span>
          <RelativeTime value={testedAt} />
          {result.ok ? <span className="num cut">{toolCount(result)}</span> : null}
        </span>
      }
      actions={<CopyButton text={() => reportText(name, report)} label="Copy the result" />}
    >
      {result.ok ? (
        <>
          <CardRow>
            <span className="cut text-sm text-fg-3 copyable">
              {[result.server.title || result.server.name, result.server.version].filter(Boolean).join(' ')} ·
              MCP {result.protocolVersion} · {address}
            </span>
          </CardRow>
          <Tools tools={result.tools} />
        </>
      ) : (
        <div className="p-3.5 copyable">
          <p>{result.message}</p>
          {result.detail === '' ? null : (
            <p className="mt-1 text-sm wrap-anywhere text-fg-3">The server said: {result.detail}</p>
          )}
          <p className="mt-1 text-sm wrap-anywhere text-fg-3">{address}</p>
        </div>
      )}
    </Card>
  )
}

function Tools({ tools }: { readonly tools: readonly Tool[] }) {
  const [all, setAll] = useState(false)
  const more = tools.length - FIRST
  if (tools.length === 0) return <CardRow>The server has no tools.</CardRow>
  return (
    <>
      <ul
        aria-label="Tools"
        className={all ? 'max-h-96 overflow-y-auto' : undefined}
        tabIndex={all ? 0 : undefined}
      >
        {(all ? tools : tools.slice(0, FIRST)).map((tool, at) => (
          <li
            // Names are the server's: nothing says that they differ.
            key={`${at} ${tool.name}`}
            className="flex min-h-8 items-center gap-3 border-b border-line px-3.5 py-1"
          >
            <span className="w-44 flex-none cut font-mono text-sm copyable" title={tool.title || tool.name}>
              {tool.name}
            </span>
            <span className="min-w-0 flex-1 cut text-sm text-fg-2 copyable" title={tool.description}>
              {tool.description || tool.title}
            </span>
            <Access access={tool.access} />
          </li>
        ))}
      </ul>
      {more <= 0 ? null : (
        <div className="px-2 py-1">
          <Button variant="ghost" size="sm" aria-expanded={all} onClick={() => setAll(!all)}>
            {all
              ? 'Show fewer tools'
              : `Show ${more.toLocaleString('en')} more ${more === 1 ? 'tool' : 'tools'}`}
          </Button>
        </div>
      )}
    </>
  )
}

/** The server's own word, which is a hint and no promise. */
function Access({ access }: Pick<Tool, 'access'>) {
  switch (access) {
    case 'reads':
      return <Badge title="By its own word it only reads">Read</Badge>
    case 'writes':
      return (
        <Badge tone="warn" title="By its own word it changes things">
          Writes
        </Badge>
      )
    case 'destroys':
      return (
        <Badge tone="bad" title="By its own word it may destroy things">
          Destroys
        </Badge>
      )
    case 'unsaid':
      return null
  }
}
