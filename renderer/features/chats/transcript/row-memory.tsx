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

/** A call and what it asks: ids come from models, and a later call may have the same. */
export interface RememberedCall {
  readonly id: string
  readonly args: unknown
}

/**
 * State of a call that outlives its row too: what is chosen and typed. A call that no message has yet gets another row
 * once one has it.
 */
export function useCallState<Value>(
  call: RememberedCall,
  name: string,
  initial: Value,
): [Value, (value: Value) => void] {
  return useRemembered(`${callPrefix(call)}${name}`, initial)
}

/** Forgets the state of a call that is answered. */
export function useForgetCall(call: RememberedCall): () => void {
  const memory = useContext(MemoryContext)
  return () => {
    const prefix = callPrefix(call)
    for (const id of [...memory.keys()]) if (id.startsWith(prefix)) memory.delete(id)
  }
}

/** Of what a call asks, so much is kept from its beginning and from its end. */
const keptChars = 1000

/** Told from the keys of rows, which begin with a number or a word, and from a call that begins like this one. */
function callPrefix({ id, args }: RememberedCall): string {
  const text = typeof args === 'string' ? args : JSON.stringify(args ?? null)
  const asked =
    text.length <= 2 * keptChars ? text : [text.slice(0, keptChars), text.length, text.slice(-keptChars)]
  return `call ${JSON.stringify([id, asked])} `
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
