import { useApi } from '../../api/api-context.tsx'
import { errorWords } from '../../api/error-words.ts'
import { toast } from '../../ui/toast-store.ts'
import { tabName, type TerminalTab } from './terminal-groups.ts'
import { useTerminals } from './terminals-context.tsx'

/** What main takes in one message (`app.saveText`). */
const maxChars = 900_000

/** Saves what a terminal printed, where the system's dialog says. The newest part where it is very long. */
export function useSaveOutput(): (tab: TerminalTab) => void {
  const { client } = useApi()
  const terminals = useTerminals()
  return (tab) => {
    const all = terminals.text(tab.key)
    const text = all.length <= maxChars ? all : all.slice(all.indexOf('\n', all.length - maxChars) + 1)
    const suggestedName = `${tabName(tab)
      .replaceAll(/[^\w.-]/g, '-')
      .slice(0, 60)}-terminal.txt`
    client.call('app.saveText', { suggestedName, text }).then(
      ({ saved }) => {
        if (!saved) return
        const detail = text === all ? undefined : 'It was very long: only its newer part is in the file.'
        toast({ tone: 'ok', title: 'The output is saved', detail })
      },
      (error: unknown) => {
        toast({ tone: 'bad', title: 'The output is not saved', detail: errorWords(error).message })
      },
    )
  }
}
