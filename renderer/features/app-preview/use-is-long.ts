import { useEffect, useState } from 'react'

/** Shorter is not worth a word: it would only flicker. */
const longMs = 300

/** Whether something has been so for a moment. */
export function useIsLong(is: boolean): boolean {
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    if (!is) return undefined
    const timer = setTimeout(() => setLong(true), longMs)
    return () => {
      clearTimeout(timer)
      setLong(false)
    }
  }, [is])
  return is && isLong
}
