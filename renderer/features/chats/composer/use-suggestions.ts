import { useState } from 'react'
import type { FilesPlace } from '#bridge/contract/remote-files'
import { displayName } from '#bridge/contract/remote-names'
import type { Option } from '../../../ui/option.ts'
import { rankPaths, useFoundPaths } from '../../files/index.ts'
import { typedToken } from './typed-token.ts'

/** Something the app does when it is typed as `/name`. */
export interface SlashCommand {
  readonly name: string
  readonly description: string
  readonly run: () => void
}

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
  const wantsFiles = token?.kind === 'file' && files !== undefined && dismissed !== token.start
  const found = useFoundPaths(wantsFiles ? files.place : undefined, files?.folder ?? '')
  if (token === undefined) {
    if (dismissed !== undefined) setDismissed(undefined)
    return undefined
  }
  if (dismissed === token.start) return undefined
  const current = picked.text === text ? picked.index : 0
  const shared = {
    current,
    setCurrent: (index: number) => setPicked({ text, index }),
    dismiss: () => setDismissed(token.start),
  }
  if (token.kind === 'command') {
    const fitting = commands.filter(({ name }) => name.startsWith(token.query.toLowerCase()))
    if (fitting.length === 0) return undefined
    return {
      ...shared,
      label: 'Commands',
      status: undefined,
      options: fitting.map(({ name, description }) => ({
        value: name,
        label: `/${name}`,
        detail: description,
      })),
      choose: (index) => {
        onText('', 0)
        fitting[index]?.run()
      },
    }
  }
  if (!wantsFiles) return undefined
  const ranked = rankPaths(found?.paths ?? [], token.query, shownAtMost)
  return {
    ...shared,
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
