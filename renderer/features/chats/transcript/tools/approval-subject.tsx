import type { ReactNode } from 'react'
import type { ChatStreamToolCall } from '#bridge/contract/chats-stream'
import { DiffLines } from '../diff-line.tsx'
import { oneLine, showUnseen } from '../hostile-text.ts'
import { jsonText } from '../json-text.ts'
import { maxShownLines } from '../long-text.tsx'
import { useActions } from '../transcript-actions.ts'
import { fieldsOf, listField, textField } from '../tool-fields.ts'
import { newFileLines, type DiffLine } from '../unified-diff.ts'
import { askedAction } from './asked-action.ts'
import { changedFiles } from './changed-files.ts'
import { knownMcpTool } from './mcp-tool-name.ts'

/** More than a server's call can hold, so that nothing of what is asked is left out. */
const everything = 1_000_000

/** What will happen, in full: the arguments as the server will run them, with nothing hidden in them. */
export function ApprovalSubject({ asked }: { readonly asked: ChatStreamToolCall }) {
  const { templateNames, serverNames } = useActions()
  const args = parse(asked.args)
  const rawName =
    knownMcpTool(asked.tool_name, serverNames) === undefined ? null : <RawName name={asked.tool_name} />
  if (args === undefined || isEmptyObject(args)) {
    return (
      <>
        {args === undefined ? (
          <Full>{showUnseen(asked.args)}</Full>
        ) : (
          <p className="px-3 py-1.5 text-fg-3">It takes no arguments.</p>
        )}
        {rawName}
      </>
    )
  }
  const shown = subjectOf(asked.tool_name, args)
  const template = templateNames?.get(textField(args, 'template_id') ?? '')
  const rest = Object.fromEntries(
    Object.entries(fieldsOf(args)).filter(([name]) => !shown.names.includes(name)),
  )
  return (
    <>
      {shown.content}
      {Object.keys(rest).length === 0 && shown.names.length > 0 ? null : (
        <Full quiet={shown.names.length > 0}>{showUnseen(wholeJson(rest) ?? asked.args)}</Full>
      )}
      {template === undefined ? null : (
        <p className="border-t border-line px-3 py-1.5 text-fg-2 copyable">
          <span className="text-fg-3">The template is </span>
          {oneLine(template, 120)}
        </p>
      )}
      {rawName}
    </>
  )
}

/** What rules and the log call a tool whose title is in words. */
function RawName({ name }: { readonly name: string }) {
  return (
    <p className="border-t border-line px-3 py-1.5 text-sm break-all text-fg-3">
      The agent knows it as <span className="code-text text-fg-2 copyable">{oneLine(name, 200)}</span>
    </p>
  )
}

function isEmptyObject(value: unknown): boolean {
  return JSON.stringify(value) === '{}'
}

/** Indented JSON, unless something had to be left out of it. */
function wholeJson(value: unknown): string | undefined {
  const text = jsonText(value, everything)
  return parse(text) === undefined ? undefined : text
}

function parse(args: string): unknown {
  try {
    return JSON.parse(args)
  } catch {
    // Shown as it is.
    return undefined
  }
}

interface Subject {
  /** The arguments that `content` shows. The others are shown below it. */
  readonly names: readonly string[]
  readonly content: ReactNode
}

function actionSubject(args: unknown): Subject | undefined {
  const asked = askedAction(args)
  return (
    asked && {
      names: asked.names,
      content: (
        <>
          <p className="px-3 py-1.5 copyable">{asked.words}</p>
          {asked.text === undefined ? null : <Full>{showUnseen(asked.text)}</Full>}
        </>
      ),
    }
  )
}

function subjectOf(tool: string, args: unknown): Subject {
  const action = tool === 'computer' ? actionSubject(args) : undefined
  if (action !== undefined) return action
  const command = textField(args, 'command')
  if (tool === 'execute' && command !== undefined) {
    const intent = textField(args, 'model_intent')
    return {
      names: intent === undefined ? ['command'] : ['command', 'model_intent'],
      content: (
        <>
          <Full sign="$ ">{showUnseen(command)}</Full>
          {intent === undefined || intent === '' ? null : <Claim>{showUnseen(intent)}</Claim>}
        </>
      ),
    }
  }
  const path = textField(args, 'path')
  const content = textField(args, 'content')
  if (tool === 'write_file' && path !== undefined && content !== undefined) {
    return {
      names: ['path', 'content'],
      content: (
        <>
          <Full>{showUnseen(path)}</Full>
          <FullLines lines={newFileLines(content, everything)} />
        </>
      ),
    }
  }
  const files = tool === 'edit_files' ? changedFiles({ args, result: undefined }, everything) : []
  if (files.length === 0) return { names: [], content: null }
  return {
    // What the lines below cannot say stays in the arguments.
    names: isPlainEdit(args, files.length) ? ['files'] : [],
    content: files.map((file, index) => (
      <div key={index} className="border-line not-first:border-t">
        <Full>{showUnseen(file.path)}</Full>
        <FullLines lines={file.lines} />
      </div>
    )),
  }
}

/** Whether an edit is nothing but paths, old texts and new ones. */
function isPlainEdit(args: unknown, shownFiles: number): boolean {
  const files = listField(args, 'files')
  return (
    files.length === shownFiles &&
    files.every(
      (file) => hasOnly(file, ['path', 'edits']) && listField(file, 'edits').every(isPlainReplacement),
    )
  )
}

function isPlainReplacement(edit: unknown): boolean {
  return hasOnly(edit, ['old_text', 'new_text'])
}

function hasOnly(value: unknown, names: readonly string[]): boolean {
  const entries = Object.entries(fieldsOf(value))
  return entries.length > 0 && entries.every(([name]) => names.includes(name))
}

/** All lines; very many of them as one text, which the page can still draw. */
function FullLines({ lines }: { readonly lines: readonly DiffLine[] }) {
  if (lines.length > maxShownLines) {
    const signed = lines.map(({ kind, text }) => `${kind === 'removed' ? '-' : '+'} ${text}`)
    return <Full>{showUnseen(signed.join('\n'))}</Full>
  }
  return (
    <div className="max-h-80 overflow-auto border-t border-line">
      <DiffLines lines={lines} plain />
    </div>
  )
}

/** What the agent says a call is for: its words, which need not be so. */
function Claim({ children }: { readonly children: string }) {
  return (
    <p className="max-h-40 overflow-auto border-t border-line px-3 py-1.5 break-words whitespace-pre-wrap text-fg-2 copyable">
      <span className="text-fg-3">The agent says: </span>
      {children}
    </p>
  )
}

interface FullProps {
  readonly sign?: string
  readonly quiet?: boolean
  readonly children: string
}

function Full({ sign, quiet = false, children }: FullProps) {
  return (
    <pre
      tabIndex={0}
      className={`log max-h-80 overflow-auto px-3 py-1.5 break-all whitespace-pre-wrap copyable not-first:border-t not-first:border-line focus-visible:-outline-offset-2 ${quiet ? 'text-fg-3' : ''}`}
    >
      {sign === undefined ? null : <span className="text-(--a8) select-none">{sign}</span>}
      {children}
    </pre>
  )
}
