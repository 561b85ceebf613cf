import { useSyncExternalStore } from 'react'
import { createStore } from 'zustand/vanilla'

/** Where small pieces of view state are kept between starts: `localStorage`, or a map in tests. */
export interface KeptStorage {
  readonly getItem: (key: string) => string | null
  readonly setItem: (key: string, value: string) => void
}

/** A value that is remembered. */
export interface KeptStore<Value> {
  readonly get: () => Value
  /** Changes the value and writes it down. */
  readonly set: (next: Value) => void
  readonly subscribe: (listener: () => void) => () => void
}

const prefix = 'outpost.'

/**
 * A remembered value of the window: a rail's width, a drawer's height. `parse` answers undefined for anything that
 * is not valid any more; the initial value then stands.
 */
export function createKept<Value>(
  key: string,
  initial: Value,
  parse: (stored: unknown) => Value | undefined,
  storage: KeptStorage | null = windowStorage(),
): KeptStore<Value> {
  const store = createStore<{ readonly value: Value }>(() => ({
    value: read(key, parse, storage) ?? initial,
  }))
  return {
    get: () => store.getState().value,
    subscribe: store.subscribe,
    set: (next) => {
      store.setState({ value: next })
      storage?.setItem(prefix + key, JSON.stringify(next))
    },
  }
}

/** The remembered value, following its changes. */
export function useKept<Value>(store: KeptStore<Value>): Value {
  return useSyncExternalStore(store.subscribe, store.get)
}

function read<Value>(
  key: string,
  parse: (stored: unknown) => Value | undefined,
  storage: KeptStorage | null,
): Value | undefined {
  const text = storage?.getItem(prefix + key) ?? null
  if (text === null) return undefined
  try {
    return parse(JSON.parse(text))
  } catch {
    // Not JSON: written by something else. View state is not worth a message; the initial value stands.
    return undefined
  }
}

function windowStorage(): KeptStorage | null {
  return typeof localStorage === 'undefined' ? null : localStorage
}

/** For `parse`: a number within limits. */
export function numberWithin(min: number, max: number): (stored: unknown) => number | undefined {
  return (stored) =>
    typeof stored === 'number' && Number.isFinite(stored) ? Math.min(max, Math.max(min, stored)) : undefined
}

/** For `parse`: true or false. */
export function booleanOnly(stored: unknown): boolean | undefined {
  return typeof stored === 'boolean' ? stored : undefined
}
