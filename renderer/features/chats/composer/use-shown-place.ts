import { useEffect, useRef } from 'react'

/** Tells whether a place is still the one that is shown here, also once nothing is shown here any more. */
export function useShownPlace(place: string): (asked: string) => boolean {
  const shown = useRef<string>(undefined)
  useEffect(() => {
    shown.current = place
    return () => {
      shown.current = undefined
    }
  }, [place])
  return (asked) => shown.current === asked
}
