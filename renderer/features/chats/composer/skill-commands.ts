import type { Chat } from '#bridge/contract/chats'
import { plainText } from '../../../lib/plain-text.ts'
import type { SlashCommand } from './use-suggestions.ts'

/** More than one looks through. */
const shownAtMost = 100
/** What can be typed after the slash. */
const typable = /^[A-Za-z0-9][\w.-]{0,63}$/

/** The skills of a chat's workspace: choosing one begins the message with its name, which the agent understands. */
export function skillCommands({ context }: Pick<Chat, 'context'>): readonly SlashCommand[] {
  const names = new Set<string>()
  return (context?.resources ?? [])
    .flatMap(
      ({ kind, status, skill_name: name = '', skill_description: description = '' }): SlashCommand[] => {
        if (kind !== 'skill' || status !== 'ok' || !typable.test(name) || names.has(name)) return []
        names.add(name)
        const shown = plainText(description.replaceAll(/\s+/g, ' ').trim(), 160)
        return [{ name, description: shown === '' ? 'Skill of the workspace' : shown, text: `/${name} ` }]
      },
    )
    .slice(0, shownAtMost)
}
