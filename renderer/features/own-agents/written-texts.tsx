import { useStore } from 'zustand'
import { hasCode } from '../../api/bridge-error.ts'
import { errorWords } from '../../api/error-words.ts'
import { CodeBlock } from '../../ui/code.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import {
  ChangedNotice,
  createRuleDrafts,
  useRuleDraft,
  type RuleDraft,
  type RuleSaving,
} from '../agent-rules/index.ts'

/** Instructions and skills that were typed and not saved, by place, with what was saved when the typing began. */
export const writtenTexts = createRuleDrafts<string>()

/** The text of a place. While what is saved is not known, it counts as what its author saw. */
export function useWrittenText(place: string, saved: string | undefined): RuleDraft<string> {
  const seen = useStore(writtenTexts, (all) => all[place]?.seen)
  return useRuleDraft(writtenTexts, place, saved ?? seen ?? '')
}

/** Whether something is typed there and not saved. */
export function useIsWritten(place: string): boolean {
  return useStore(writtenTexts, (all) => {
    const kept = all[place]
    return kept !== undefined && kept.value !== kept.seen
  })
}

/** Forgets what is typed there. */
export function forgetWritten(place: string): void {
  const { [place]: _, ...others } = writtenTexts.getState()
  writtenTexts.setState(others, true)
}

export interface ChangedTextProps {
  readonly draft: RuleDraft<string>
  readonly saving: RuleSaving
  readonly saved: string
}

/** Shows what another window or the web page saved while this was typed, and asks which it is to be. */
export function ChangedText({ draft, saving, saved }: ChangedTextProps) {
  return (
    <ChangedNotice
      title="This was changed elsewhere meanwhile"
      takeLabel="Take what is saved"
      draft={draft}
      saving={saving}
    >
      <div className="flex flex-col gap-2">
        <div>{saved === '' ? 'What is saved now is empty.' : 'What you typed is not saved.'}</div>
        {saved === '' ? null : (
          <Disclosure label="What is saved now">
            <CodeBlock wrap>{saved}</CodeBlock>
          </Disclosure>
        )}
      </div>
    </ChangedNotice>
  )
}

/** Why a text is not saved. Nothing where {@link ChangedText} says it. */
export function refusalOf(
  error: Error | null,
  { isChanged }: Pick<RuleDraft<string>, 'isChanged'>,
): string | undefined {
  if (error === null || (isChanged && hasCode<'ownAgents.updateSkill'>(error, 'changed_meanwhile')))
    return undefined
  return errorWords(error).message
}
