import { useEffect, type ReactNode } from 'react'
import { create } from 'zustand'
import { createKept } from '../kept-state.ts'
import { useKeys } from '../keyboard/key-map.ts'

/** Something the palette can do. */
export interface Command {
  /** Stable, so that it can be remembered as recent: `workspace.open:ID`. */
  readonly id: string
  readonly title: string
  readonly group: string
  readonly icon?: ReactNode
  /** Behind the title: a template, a state. */
  readonly detail?: string | undefined
  /** Other words it is found by. */
  readonly keywords?: string | undefined
  /** A global key combination; bound while the command is there. */
  readonly keys?: string | undefined
  /** The key also works while a terminal has the focus. */
  readonly keysInTerminal?: boolean | undefined
  readonly run: () => void
}

interface CommandState {
  readonly sources: ReadonlyMap<symbol, readonly Command[]>
}

/** All commands that are there now, by who brought them. */
export const useCommandSources = create<CommandState>(() => ({ sources: new Map() }))

/** Whether the palette shows. */
export const usePaletteOpen = create<{ readonly open: boolean }>(() => ({ open: false }))

/** Shows or hides the palette. */
export function setPaletteOpen(open: boolean): void {
  usePaletteOpen.setState({ open })
}

const recentAtMost = 6

/** The last commands that were run, newest first. */
export const recentCommands = createKept<readonly string[]>('palette.recent', [], (stored) =>
  Array.isArray(stored)
    ? stored.filter((id): id is string => typeof id === 'string').slice(0, recentAtMost)
    : undefined,
)

/** Adds commands; the answer takes them away again. */
export function registerCommands(commands: readonly Command[]): () => void {
  const owner = Symbol('commands')
  useCommandSources.setState(({ sources }) => ({ sources: new Map(sources).set(owner, commands) }))
  return () => {
    useCommandSources.setState(({ sources }) => {
      const rest = new Map(sources)
      rest.delete(owner)
      return { sources: rest }
    })
  }
}

/** Adds commands and binds their keys while the component is mounted. */
export function useCommands(commands: readonly Command[]): void {
  useEffect(() => registerCommands(commands), [commands])
  useKeys(
    commands.flatMap((command) =>
      command.keys === undefined
        ? []
        : [{ keys: command.keys, run: command.run, inTerminal: command.keysInTerminal }],
    ),
  )
}

/** Runs a command and remembers it. */
export function runCommand(command: Command): void {
  const value = recentCommands.get()
  recentCommands.set([command.id, ...value.filter((id) => id !== command.id)].slice(0, recentAtMost))
  command.run()
}
