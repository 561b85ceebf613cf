import { useEffect, type RefObject } from 'react'
import { useApi } from '../../../api/api-context.tsx'
import { errorWords } from '../../../api/error-words.ts'
import { MicIcon } from '../../../ui/icons.tsx'
import type { MenuItem } from '../../../ui/menu-item.ts'
import { toast } from '../../../ui/toast-store.ts'
import { useDictation } from '../../dictation/index.ts'
import { useWindowActions } from '../../window/index.ts'
import { insertDictated, showField } from './insert-dictated.ts'

export interface ComposerDictation {
  readonly here: ReturnType<typeof useDictation>
  readonly focusText: () => void
  /** The ways to dictation where it is not set up. */
  readonly plusItems: readonly MenuItem[]
  /** For the key that sends: it ends a recording, else it does what it does. */
  readonly endOr: (act: () => void) => () => void
  /** The same for Escape, which discards one. */
  readonly cancelOr: (act: () => void) => () => void
}

/** Dictation into the draft of a place. */
export function useComposerDictation(
  place: string,
  field: RefObject<HTMLTextAreaElement | null>,
): ComposerDictation {
  const { client } = useApi()
  const actions = useWindowActions()
  const here = useDictation(place, insertDictated)
  useEffect(() => (field.current === null ? undefined : showField(place, field.current)), [place, field])
  const focusText = (): void => field.current?.focus({ preventScroll: true })
  const isListening = here.phase?.kind === 'recording' || here.phase?.kind === 'opening'
  const startSystemDictation = (): void => {
    // Once the menu has given the focus back.
    requestAnimationFrame(() => {
      focusText()
      client.call('dictation.startSystemDictation', {}).catch((error: unknown) =>
        toast({
          tone: 'bad',
          title: 'The dictation of the system did not start',
          detail: errorWords(error).message,
        }),
      )
    })
  }
  return {
    here,
    focusText,
    plusItems:
      here.isSetUp === false
        ? [
            ...(here.hasSystemDictation
              ? [{ label: 'Dictate with macOS', icon: <MicIcon />, onSelect: startSystemDictation }]
              : []),
            { label: 'Dictation…', icon: <MicIcon />, onSelect: () => actions.goToSettings('dictation') },
          ]
        : [],
    endOr: (act) => (isListening ? here.finish : act),
    cancelOr: (act) => (isListening ? here.cancel : act),
  }
}
