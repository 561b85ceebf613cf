import { useEffect } from 'react'
import { useApi } from '../../api/api-context.tsx'
import { useSubscription } from '../../api/use-subscription.ts'
import { useKeys } from '../../lib/keyboard/key-map.ts'
import {
  cancelDictation,
  finishDictation,
  showDictation,
  startDictation,
  useDictations,
  type DictationPhase,
} from './dictation-store.ts'

/** The key that begins and ends a dictation. */
export const dictationKeys = 'Mod+Shift+D'

const nothing = {}

export interface DictationHere {
  /** Undefined until main has said it. */
  readonly isSetUp: boolean | undefined
  readonly hasSystemDictation: boolean
  readonly phase: DictationPhase | undefined
  /** Begins, or ends and writes out. */
  readonly toggle: () => void
  readonly finish: () => void
  readonly cancel: () => void
}

/**
 * Dictation into one place.
 *
 * @param deliver Puts text there, whether it is shown or not.
 */
export function useDictation(place: string, deliver: (place: string, text: string) => void): DictationHere {
  const { client } = useApi()
  const { data } = useSubscription('dictation.watch', nothing)
  const phase = useDictations((all) => all[place])
  useEffect(() => showDictation(place), [place])
  const isSeen = data?.isSeen ?? true
  useEffect(() => {
    // Nobody is listened to by a window that is not seen. Main knows; a page may be told that it is seen when it is not.
    if (!isSeen) finishDictation(place)
  }, [isSeen, place])
  const isSetUp = data === undefined ? undefined : data.service !== null
  const toggle = (): void => {
    if (phase?.kind === 'recording' || phase?.kind === 'opening') finishDictation(place)
    else void startDictation({ client, place, deliver: (text) => deliver(place, text) })
  }
  useKeys(isSetUp === true ? [{ keys: dictationKeys, run: toggle }] : [])
  return {
    isSetUp,
    hasSystemDictation: data?.hasSystemDictation ?? false,
    phase,
    toggle,
    finish: () => finishDictation(place),
    cancel: () => cancelDictation(place),
  }
}
