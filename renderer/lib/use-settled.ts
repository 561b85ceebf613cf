import { useEffect, useState } from 'react'

/** Longer than between two letters, shorter than a thought. */
const settleMs = 250

/** A typed value once the typing has paused, to ask somebody about it. */
export function useSettled<Value extends string>(value: Value): Value {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), settleMs)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
