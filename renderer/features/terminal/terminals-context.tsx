import { createContext, useContext, type ReactNode } from 'react'
import { useStore } from 'zustand'
import type { SessionNews } from './terminal-session.ts'
import type { TerminalTabs } from './terminal-groups.ts'
import type { Terminals } from './terminals.ts'

const TerminalsContext = createContext<Terminals | undefined>(undefined)

export function TerminalsProvider(props: { readonly terminals: Terminals; readonly children: ReactNode }) {
  return <TerminalsContext value={props.terminals}>{props.children}</TerminalsContext>
}

/** The window's terminals. */
export function useTerminals(): Terminals {
  const terminals = useContext(TerminalsContext)
  if (!terminals) throw new Error('useTerminals needs a TerminalsProvider above it')
  return terminals
}

/** What happened in each open terminal, by the key of its tab. */
export function useTerminalNews(): ReadonlyMap<string, SessionNews> {
  return useStore(useTerminals().news)
}

/** The open tabs, live. */
export function useTerminalTabs(): TerminalTabs {
  return useStore(useTerminals().store)
}
