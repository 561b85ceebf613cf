import type { DictationService } from '#ipc/dictation'
import { hasCode } from '../../api/bridge-error.ts'
import { errorWords } from '../../api/error-words.ts'
import { useCancellableChange, useChange } from '../../api/use-call.ts'
import { toast } from '../../ui/toast-store.ts'
import { draftOf, inputOf, useTypedService, type ServiceDraft } from './service-draft.ts'

export interface ServiceForm {
  readonly draft: ServiceDraft
  readonly change: (change: Partial<ServiceDraft>) => void
  readonly isComplete: boolean
  readonly addressProblem: string | undefined
  readonly languageProblem: string | undefined
  readonly save: () => void
  readonly isSaving: boolean
  readonly test: () => void
  readonly isTesting: boolean
  readonly cancelTest: () => void
  /** How long the test took, once it went well. */
  readonly testedMs: number | undefined
  readonly turnOff: () => void
  readonly isTurningOff: boolean
  readonly failure: { readonly title: string; readonly error: unknown } | undefined
}

/** The form of the service, over what is saved. */
export function useServiceForm(service: DictationService | null): ServiceForm {
  const typed = useTypedService((state) => state.typed)
  const draft = typed ?? draftOf(service)
  const saving = useChange('dictation.save')
  const testing = useCancellableChange('dictation.test')
  const turningOff = useChange('dictation.turnOff')
  const languageProblem = /^[a-z]{0,8}$/i.test(draft.language.trim())
    ? undefined
    : 'Letters only, such as en or de.'
  const isComplete = draft.address.trim() !== '' && languageProblem === undefined

  const forget = (): void => {
    saving.reset()
    testing.reset()
    turningOff.reset()
  }
  const failure = failureOf([
    ['The service is not saved', saving.error],
    ['The test failed', testing.error],
    ['Dictation is not turned off', turningOff.error],
  ])
  return {
    draft,
    change(change) {
      // What came of the text before says nothing of this one.
      forget()
      useTypedService.setState({ typed: { ...draft, ...change } })
    },
    isComplete,
    addressProblem:
      failure !== undefined && hasCode<'dictation.save'>(failure.error, 'address_unusable')
        ? errorWords(failure.error).message
        : undefined,
    languageProblem,
    save() {
      if (!isComplete || saving.isPending) return
      forget()
      // A promise, since callbacks of the call are skipped once the user looks at another page.
      saving.mutateAsync(inputOf(draft, service)).then(
        () => {
          if (useTypedService.getState().typed === typed) useTypedService.setState({ typed: undefined })
          toast({ tone: 'ok', title: service === null ? 'Dictation is on' : 'The service is saved' })
        },
        () => undefined, // Shown above the buttons.
      )
    },
    isSaving: saving.isPending,
    test() {
      forget()
      testing.mutate(inputOf(draft, service))
    },
    isTesting: testing.isPending,
    cancelTest: testing.cancel,
    testedMs: testing.data?.milliseconds,
    turnOff() {
      forget()
      turningOff.mutate(nothing, { onSuccess: () => useTypedService.setState({ typed: undefined }) })
    },
    isTurningOff: turningOff.isPending,
    failure,
  }
}

const nothing = {}

function failureOf(
  all: readonly (readonly [title: string, error: unknown])[],
): { readonly title: string; readonly error: unknown } | undefined {
  const found = all.find(([, error]) => error !== null)
  return found === undefined ? undefined : { title: found[0], error: found[1] }
}
