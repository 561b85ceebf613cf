import { useState } from 'react'
import type { FilesPlace } from '#bridge/contract/remote-files'
import { displayName } from '#bridge/contract/remote-names'
import type { Option } from '../../../ui/option.ts'
import { rankPaths, useFoundPaths } from '../../files/index.ts'
import { typedToken, type TypedToken } from './typed-token.ts'

/** Something that is chosen by `/name`: what the app does, or what takes the place of what was typed. */
export type SlashCommand = { readonly name: string; readonly description: string } & (
  { readonly run: () => void } | { readonly text: string }
)

/** Where `@` looks for files. */
export interface MentionPlace {
  readonly place: FilesPlace
  readonly folder: string
}

export interface SuggestionsInput {
  readonly text: string
  readonly caret: number
  readonly commands: readonly SlashCommand[]
  readonly files: MentionPlace | undefined
  /** The text after a choice, with its new caret. */
  readonly onText: (text: string, caret: number) => void
}

export interface SuggestionsView {
  readonly label: string
  readonly options: readonly Option[]
  readonly current: number
  readonly status: string | undefined
  readonly setCurrent: (index: number) => void
  readonly choose: (index: number) => void
  /** Escape: until another one is typed. */
  readonly dismiss: () => void
}

const shownAtMost = 30

/** What the word before the caret could mean; undefined when nothing is asked for. */
export function useSuggestions(input: SuggestionsInput): SuggestionsView | undefined {
  const { text, caret, commands, files, onText } = input
  const [dismissed, setDismissed] = useState<number>()
  const [picked, setPicked] = useState({ text, index: 0 })
  const token = typedToken(text, caret)
  const isOff = token === undefined || dismissed === token.start
  const wantsFiles = !isOff && token.kind === 'file'
  const found = useFoundPaths(wantsFiles ? files?.place : undefined, files?.folder ?? '')
  if (token === undefined && dismissed !== undefined) setDismissed(undefined)
  if (isOff) return undefined
  const shared = {
    current: picked.text === text ? picked.index : 0,
    setCurrent: (index: number) => setPicked({ text, index }),
    dismiss: () => setDismissed(token.start),
  }
  if (token.kind === 'command') {
    const fitting = fittingCommands(commands, token.query.toLowerCase())
    return fitting.length === 0 ? undefined : { ...shared, ...commandList(fitting, onText) }
  }
  return files === undefined ? undefined : { ...shared, ...fileList(input, token, found) }
}

/** What the app does comes before what has the same name. */
function fittingCommands(commands: readonly SlashCommand[], query: string): readonly SlashCommand[] {
  const first = new Map<string, SlashCommand>()
  for (const command of commands) {
    const name = command.name.toLowerCase()
    if (name.startsWith(query) && !first.has(name)) first.set(name, command)
  }
  return [...first.values()]
}

type List = Pick<SuggestionsView, 'label' | 'status' | 'options' | 'choose'>

function commandList(fitting: readonly SlashCommand[], onText: SuggestionsInput['onText']): List {
  return {
    label: 'Commands',
    status: undefined,
    options: fitting.map(({ name, description }) => ({
      value: name,
      label: `/${name}`,
      detail: description,
    })),
    choose: (index) => {
      const chosen = fitting[index]
      if (chosen === undefined) return
      const left = 'text' in chosen ? chosen.text : ''
      onText(left, left.length)
      if ('run' in chosen) chosen.run()
    },
  }
}

function fileList(
  { text, caret, onText }: SuggestionsInput,
  token: TypedToken,
  found: ReturnType<typeof useFoundPaths>,
): List {
  const ranked = rankPaths(found?.paths ?? [], token.query, shownAtMost)
  return {
    label: 'Files of the workspace',
    status: fileStatus(found, ranked.length),
    options: ranked.map(({ path }) => ({ value: path, label: displayName(path) })),
    choose: (index) => {
      const path = ranked[index]?.path
      if (path === undefined) return
      const head = `${text.slice(0, token.start)}@${path} `
      onText(head + text.slice(caret).replace(/^ /, ''), head.length)
    },
  }
}

function fileStatus(found: ReturnType<typeof useFoundPaths>, shown: number): string | undefined {
  if (found?.problem !== undefined) return found.problem
  if (found === undefined || found.state === 'reading') return 'Reading the files of the workspace'
  return shown === 0 ? 'No file fits.' : undefined
}
