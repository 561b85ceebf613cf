import { createContext, useContext, useState, type ReactNode } from 'react'

/** What rows remember while they are scrolled away, which takes them out of the page. */
export type RowMemory = Map<string, unknown>

const MemoryContext = createContext<RowMemory>(new Map())
const RowContext = createContext('')

export function RowMemoryProvider({
  memory,
  children,
}: {
  readonly memory: RowMemory
  readonly children: ReactNode
}) {
  return <MemoryContext value={memory}>{children}</MemoryContext>
}

export function RowKeyProvider({
  rowKey,
  children,
}: {
  readonly rowKey: string
  readonly children: ReactNode
}) {
  return <RowContext value={rowKey}>{children}</RowContext>
}

/** State of a row that outlives its place on the page: what is unfolded, chosen or typed. */
export function useRowState<Value>(name: string, initial: Value): [Value, (value: Value) => void] {
  const memory = useContext(MemoryContext)
  const id = `${useContext(RowContext)} ${name}`
  const [value, setValue] = useState(() => (memory.has(id) ? (memory.get(id) as Value) : initial))
  return [
    value,
    (next) => {
      memory.set(id, next)
      setValue(next)
    },
  ]
}
