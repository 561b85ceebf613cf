import { createContext, useContext, useState, type ReactNode } from 'react'

/** What rows remember while they are scrolled away, which takes them out of the page. */
export type RowMemory = Map<string, unknown>

/** Chats, and values of one, that are remembered; the ones changed or opened last. */
const mostChats = 50
const mostValues = 2000

const memories = new Map<string, RowMemory>()

/** The memory of a chat, which outlives that its transcript is on the page. */
export function rowMemory(place: string): RowMemory {
  const memory: RowMemory = memories.get(place) ?? new Map<string, unknown>()
  putLast(memories, place, memory, mostChats)
  return memory
}

function putLast<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.delete(key)
  map.set(key, value)
  for (const oldest of map.keys()) {
    if (map.size <= most) return
    map.delete(oldest)
  }
}

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

/** State of a row that outlives its place on the page: what is unfolded. */
export function useRowState<Value>(name: string, initial: Value): [Value, (value: Value) => void] {
  return useRemembered(`${useContext(RowContext)} ${name}`, initial)
}

/**
 * State of a call that outlives its row too: what is chosen and typed. A call that no message has yet gets another row
 * once one has it.
 */
export function useCallState<Value>(
  callId: string,
  name: string,
  initial: Value,
): [Value, (value: Value) => void] {
  return useRemembered(`${callPrefix(callId)}${name}`, initial)
}

/** Forgets the state of a call that is answered: ids come from models, and a later call may have the same. */
export function useForgetCall(callId: string): () => void {
  const memory = useContext(MemoryContext)
  return () => {
    for (const id of [...memory.keys()]) if (id.startsWith(callPrefix(callId))) memory.delete(id)
  }
}

/** Told from the keys of rows, which begin with a number or a word, and from an id that begins with this one. */
function callPrefix(callId: string): string {
  return `call ${JSON.stringify(callId)} `
}

function useRemembered<Value>(id: string, initial: Value): [Value, (value: Value) => void] {
  const memory = useContext(MemoryContext)
  const [value, setValue] = useState(() => (memory.has(id) ? (memory.get(id) as Value) : initial))
  return [
    value,
    (next) => {
      putLast(memory, id, next, mostValues)
      setValue(next)
    },
  ]
}
