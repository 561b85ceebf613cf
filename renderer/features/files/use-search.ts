import { useEffect, useRef, useState } from 'react'
import type { SearchMatch } from '#bridge/contract/remote-files'
import { useFiles, type Workbench } from './files-services.ts'
import { sentenceOf } from './use-file-actions.ts'

export interface SearchQuery {
  readonly query: string
  readonly isRegex: boolean
  readonly isCaseSensitive: boolean
  readonly isWholeWord: boolean
}

export interface SearchState {
  readonly status: 'none' | 'running' | 'complete' | 'stopped'
  readonly matches: readonly SearchMatch[]
  /** There are more. */
  readonly isTruncated: boolean
  readonly problem: string | undefined
}

/** More than anybody reads; the engine stops there too. */
const maxMatches = 5000

const nothing: SearchState = { status: 'none', matches: [], isTruncated: false, problem: undefined }

export interface Search {
  readonly state: SearchState
  /** Ends one that runs. */
  readonly start: (query: SearchQuery) => void
  readonly stop: () => void
}

/** Searches contents below a folder; what is found shows as it comes. */
export function useSearch({ place }: Workbench, folder: string): Search {
  const client = useFiles().client
  const [state, setState] = useState(nothing)
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])
  const stop = (): void => {
    running.current?.abort()
    running.current = undefined
    setState((now) => (now.status === 'running' ? { ...now, status: 'stopped' } : now))
  }
  const start = (query: SearchQuery): void => {
    stop()
    if (query.query === '') {
      setState(nothing)
      return
    }
    const abort = new AbortController()
    running.current = abort
    const matches: SearchMatch[] = []
    const set = (next: Partial<SearchState>): void => {
      if (!abort.signal.aborted) setState((now) => ({ ...now, matches: [...matches], ...next }))
    }
    setState({ ...nothing, status: 'running' })
    client
      .ask(
        place,
        { op: 'search', folder, ...query, maxMatches },
        {
          signal: abort.signal,
          onEvent: (event) => {
            if (event.kind !== 'matches') return
            matches.push(...event.matches)
            set({})
          },
        },
      )
      .then(({ isTruncated }) => set({ status: 'complete', isTruncated }))
      .catch((error: unknown) => set({ status: 'complete', problem: sentenceOf(error) }))
  }
  return { state, start, stop }
}

/** A file with its matches, or one of them. */
export type SearchLine =
  | { readonly kind: 'file'; readonly path: string; readonly count: number }
  | { readonly kind: 'match'; readonly match: SearchMatch }

/** The matches by file, in the order in which the files came. */
export function searchLines(matches: readonly SearchMatch[]): readonly SearchLine[] {
  const byFile = new Map<string, SearchMatch[]>()
  for (const match of matches) {
    const known = byFile.get(match.path)
    if (known) known.push(match)
    else byFile.set(match.path, [match])
  }
  return [...byFile].flatMap(([path, found]): SearchLine[] => [
    { kind: 'file', path, count: found.length },
    ...found.map((match): SearchLine => ({ kind: 'match', match })),
  ])
}
